//! A session that ended while somebody works.

use crate::api::sign_in;
use crate::words::words;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The session has ended: whoever signs in goes on where they were.
#[component]
pub(crate) fn SignInAgain(lead: fn() -> &'static str, done: Callback<()>) -> impl IntoView {
    let (user, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let problem = RwSignal::new(None::<&'static str>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read =
            |field: NodeRef<Input>| field.get_untracked().map(|it| it.value()).unwrap_or_default();
        let (name, secret) = (read(user), read(password));
        spawn_local(async move {
            match sign_in(&name, &secret).await {
                Ok(()) => done.run(()),
                Err(crate::api::Failure::SignedOut) => {
                    let _ = problem.try_set(Some(words().login_wrong));
                }
                Err(crate::api::Failure::TooOften) => {
                    let _ = problem.try_set(Some(words().login_often));
                }
                Err(_) => {
                    let _ = problem.try_set(Some(words().failed_network));
                }
            }
        });
    };
    view! {
        <form class="notice again" on:submit=submit>
            <p>{move || lead()}</p>
            <div class="side-by-side">
                <div class="field">
                    <label for="again-user">{move || words().user}</label>
                    <input id="again-user" node_ref=user autocomplete="username" required/>
                </div>
                <div class="field">
                    <label for="again-password">{move || words().password}</label>
                    <input
                        id="again-password"
                        node_ref=password
                        type="password"
                        autocomplete="current-password"
                        required
                    />
                </div>
                <button type="submit" class="show">{move || words().sign_in}</button>
            </div>
            <p class="problem" role="alert">{problem}</p>
        </form>
    }
    .into_any()
}
