//! Where in the studio a reader is, as it stands in the address.

use crate::root::root;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The site of those who have no account: what is built stays in this browser. No site can be called like that.
pub(crate) const HERE: &str = "~";

/// A side of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Questions,
    When,
    Look,
    Languages,
    File,
    Versions,
    Share,
}

impl Side {
    pub(crate) const ALL: [Self; 7] = [
        Self::Questions,
        Self::When,
        Self::Look,
        Self::Languages,
        Self::File,
        Self::Versions,
        Self::Share,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Questions => "questions",
            Self::When => "when",
            Self::Look => "look",
            Self::Languages => "languages",
            Self::File => "file",
            Self::Versions => "versions",
            Self::Share => "share",
        }
    }
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Whichever site there is.
    Start,
    /// The surveys of a site.
    Site(String),
    /// One survey.
    Survey(String, String, Side),
    /// Where the responses of a site are passed on to: all of it, or the one of this id.
    Destinations(String, Option<String>),
}

/// Where destinations are, below their site. No survey can be called like that.
const DESTINATIONS: &str = "~destinations";
/// What stands in the place of an id of one that is to be.
pub(crate) const NEW: &str = "new";

impl Place {
    /// Reads the path below the root of the collector.
    pub(crate) fn read(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/studio")?;
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        let Some(site) = parts.next() else { return Some(Self::Start) };
        let Some(survey) = parts.next() else { return Some(Self::Site(site.to_owned())) };
        if survey == DESTINATIONS {
            let id = parts.next().map(str::to_owned);
            return Some(Self::Destinations(site.to_owned(), id));
        }
        let side = parts.next().and_then(|word| Side::ALL.into_iter().find(|it| it.word() == word));
        Some(Self::Survey(site.to_owned(), survey.to_owned(), side.unwrap_or(Side::Questions)))
    }

    /// Its address below the root of the collector.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Start => "/studio/".to_owned(),
            Self::Site(site) => format!("/studio/{site}"),
            Self::Destinations(site, None) => format!("/studio/{site}/{DESTINATIONS}"),
            Self::Destinations(site, Some(id)) => format!("/studio/{site}/{DESTINATIONS}/{id}"),
            Self::Survey(site, survey, Side::Questions) => format!("/studio/{site}/{survey}"),
            Self::Survey(site, survey, side) => {
                format!("/studio/{site}/{survey}/{}", side.word())
            }
        }
    }
}

/// Where the reader is now; `None` outside of the studio.
pub(crate) fn current_place() -> Memo<Option<Place>> {
    let location = use_location();
    Memo::new(move |_| {
        let path = location.pathname.read();
        let path = path.strip_prefix(&root()).unwrap_or(&path);
        let path: String =
            js_sys::decode_uri_component(path).map_or_else(|_| path.to_owned(), Into::into);
        Place::read(&path)
    })
}

#[cfg(test)]
mod tests {
    use super::{Place, Side};

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let survey = |side| Place::Survey("shop".to_owned(), "checkout".to_owned(), side);
        let site = || "shop".to_owned();
        let places = [
            Place::Start,
            Place::Site(site()),
            Place::Destinations(site(), None),
            Place::Destinations(site(), Some("0123456789ab".to_owned())),
        ];
        for place in places.into_iter().chain(Side::ALL.map(survey)) {
            assert_eq!(Place::read(&place.address()), Some(place));
        }
        assert_eq!(Place::read("/dashboard/shop"), None);
        assert_eq!(Place::read("/studio"), Some(Place::Start));
        let unknown = Place::read("/studio/shop/checkout/nothing");
        assert_eq!(unknown, Some(survey(Side::Questions)), "the usual side");
    }
}
