use super::window;
use sondeo_model::StorageKind;
use std::cell::RefCell;

/// What the page's site keeps for us in this browser, and for as long as the page view lasts what it will not.
///
/// Nothing here fails: where storage is forbidden (a sandboxed frame, a browser's setting), full, or not
/// wanted at all, the page view itself remembers.
#[derive(Clone, Copy)]
pub(crate) struct Storage(StorageKind);

thread_local! {
    /// What could not be kept, with the storage that it was meant for. It is newer than what is there.
    static MEMORY: RefCell<Vec<(StorageKind, String, String)>> = const { RefCell::new(Vec::new()) };
}

impl Storage {
    /// The storage of this kind.
    pub(crate) const fn of(kind: StorageKind) -> Self {
        Self(kind)
    }

    /// `None` as well where merely asking for it throws.
    fn real(self) -> Option<web_sys::Storage> {
        match self.0 {
            StorageKind::Local => window().local_storage().ok().flatten(),
            StorageKind::Session => window().session_storage().ok().flatten(),
            StorageKind::None => None,
        }
    }

    /// What is stored under this key.
    pub(crate) fn get(self, key: &str) -> Option<String> {
        let remembered = MEMORY.with_borrow(|memory| {
            let found = memory.iter().find(|(kind, known, _)| *kind == self.0 && known == key);
            found.map(|(_, _, value)| value.clone())
        });
        remembered.or_else(|| self.real()?.get_item(key).ok().flatten())
    }

    /// Stores the value; returns whether it outlives the page view.
    pub(crate) fn set(self, key: &str, value: &str) -> bool {
        self.forget(key);
        let is_kept = self.set_for_good(key, value);
        if !is_kept {
            MEMORY.with_borrow_mut(|it| it.push((self.0, key.to_owned(), value.to_owned())));
        }
        is_kept
    }

    /// Stores the value only where it outlives the page view, and returns whether it does.
    pub(crate) fn set_for_good(self, key: &str, value: &str) -> bool {
        self.real().is_some_and(|real| real.set_item(key, value).is_ok())
    }

    /// Stores nothing under this key any more.
    pub(crate) fn remove(self, key: &str) {
        self.forget(key);
        if let Some(real) = self.real() {
            let _ = real.remove_item(key);
        }
    }

    fn forget(self, key: &str) {
        MEMORY.with_borrow_mut(|it| it.retain(|(kind, known, _)| *kind != self.0 || known != key));
    }

    /// The keys that begin so, each once, in no order.
    pub(crate) fn keys(self, prefix: &str) -> Vec<String> {
        let mut keys: Vec<String> = MEMORY.with_borrow(|memory| {
            let own = memory.iter().filter(|(kind, ..)| *kind == self.0);
            own.map(|(_, key, _)| key.clone()).collect()
        });
        if let Some(real) = self.real() {
            for at in 0..real.length().unwrap_or(0) {
                if let Ok(Some(key)) = real.key(at)
                    && !keys.contains(&key)
                {
                    keys.push(key);
                }
            }
        }
        keys.retain(|key| key.starts_with(prefix));
        keys
    }
}
