use crate::api::{self, Failure};
use crate::app::Session;
use crate::words::words;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Signs in.
#[component]
pub(crate) fn Login() -> impl IntoView {
    let session = expect_context::<Session>();
    let (user, password) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let read =
            |field: NodeRef<Input>| field.get().map(|field| field.value()).unwrap_or_default();
        let (name, secret) = (read(user), read(password));
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let outcome = api::sign_in(&name, &secret).await;
            busy.set(false);
            match outcome {
                Ok(()) => session.begin(),
                Err(reason) => {
                    failure.set(Some(reason));
                    if let Some(field) = password.get_untracked() {
                        field.select();
                    }
                }
            }
        });
    };
    let problem = move || {
        failure.get().map(|failure| match failure {
            Failure::SignedOut => words().login_wrong.to_owned(),
            Failure::TooOften => words().login_often.to_owned(),
            Failure::Network => words().failed_network.to_owned(),
            Failure::NotFound => words().failed.to_owned(),
            Failure::Refused(reason) => reason,
        })
    };
    view! {
        <form class="login card" on:submit=submit>
            <h1>{move || words().login_title}</h1>
            <p class="soft">{move || words().login_lead}</p>
            <label>
                <span>{move || words().user}</span>
                <input node_ref=user name="user" autocomplete="username" autocapitalize="none" required autofocus/>
            </label>
            <label>
                <span>{move || words().password}</span>
                <input
                    node_ref=password
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    aria-describedby="login-problem"
                    aria-invalid=move || problem().map(|_| "true")
                />
            </label>
            <p class="problem" id="login-problem" role="alert">{problem}</p>
            <button class="show" type="submit" aria-disabled=move || busy.get().then_some("true")>
                {move || words().sign_in}
            </button>
        </form>
    }
}
