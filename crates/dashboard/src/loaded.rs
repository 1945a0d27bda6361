//! Something that was asked of the collector, in whatever state it is.

use crate::api::{self, Failure};
use crate::app::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

/// What came, what is under way, and what went wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Loaded<T> {
    /// The latest that came for this address; it stays while a newer one is under way.
    pub(crate) value: Option<T>,
    /// Why the latest attempt brought nothing.
    pub(crate) failure: Option<Failure>,
    address: String,
}

impl<T> Default for Loaded<T> {
    fn default() -> Self {
        Self { value: None, failure: None, address: String::new() }
    }
}

/// Keeps what is at an address, which may change; asks anew whenever `again` does.
pub(crate) fn load<T>(
    address: impl Fn() -> Option<String> + 'static,
    again: impl Fn() -> u32 + 'static,
) -> RwSignal<Loaded<T>>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let loaded = RwSignal::new(Loaded::default());
    let session = expect_context::<Session>();
    Effect::new(move || {
        again();
        let Some(address) = address() else { return };
        let changed = loaded.with_untracked(|loaded| loaded.address != address);
        if changed {
            // What is of another address must not stand under this one's title.
            loaded.set(Loaded { address: address.clone(), ..Loaded::default() });
        }
        spawn_local(async move {
            let found = api::get::<T>(&address).await;
            if found.as_ref().err() == Some(&Failure::SignedOut) {
                session.end();
            }
            // An answer that comes after its question was dropped is nobody's.
            let _ = loaded.try_update(|loaded| {
                if loaded.address != address {
                    return;
                }
                match found {
                    Ok(value) => (loaded.value, loaded.failure) = (Some(value), None),
                    Err(failure) => loaded.failure = Some(failure),
                }
            });
        });
    });
    loaded
}
