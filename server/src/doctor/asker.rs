//! As whom something is asked for, and what they may see.

use super::{
    visitor::{Endpoint, Visitor},
    world::{Place, Secret, World},
};
use crate::state::App;

/// As whom something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Nobody is signed in.
    Nobody,
    /// A contact.
    Portal,
    /// A member of the team.
    Team,
    /// A program with a token.
    Program,
}

impl Side {
    /// Where this side sends its documents.
    #[must_use]
    pub const fn endpoints(self) -> &'static [Endpoint] {
        match self {
            Self::Nobody => &Endpoint::ALL,
            Self::Portal => &[Endpoint::Portal],
            Self::Team => &[Endpoint::Team],
            Self::Program => &[Endpoint::Programs],
        }
    }
}

/// Somebody with what they may see.
#[derive(Clone)]
pub struct Asker {
    /// For people.
    pub label: String,
    /// In which way they come.
    pub side: Side,
    /// Of which org, and of which of its clients; nobody is of none.
    pub place: Option<Place>,
    /// Who asks.
    pub visitor: Visitor,
}

impl Asker {
    /// Whether this is theirs to see.
    #[must_use]
    pub fn may_see(&self, secret: &Secret) -> bool {
        let Some(place) = self.place else { return false };
        match self.side {
            Side::Nobody => false,
            Side::Portal => secret.is_for(place),
            Side::Team | Side::Program => secret.of.org == place.org,
        }
    }

    /// Looks for everybody's words and ids in the texts of an answer. What was asked with is no news, and neither is what is known
    /// otherwise; what was `shared` by its link may be seen.
    pub fn look<'w>(
        &self,
        secrets: &'w [Secret],
        texts: &[&str],
        asked: &str,
        shared: Option<Place>,
        is_known: impl Fn(&str) -> bool,
    ) -> Seen<'w> {
        let mut seen = Seen::default();
        for secret in secrets {
            let is_news = || !asked.contains(&secret.text) && !is_known(&secret.text);
            if !texts.iter().any(|text| text.contains(&secret.text)) || !is_news() {
                continue;
            }
            if self.may_see(secret) {
                seen.own = true;
            } else if !shared.is_some_and(|place| secret.is_for(place)) {
                seen.foreign.push(secret);
            }
        }
        seen
    }

    /// Whether something of this place is the asker's own.
    #[must_use]
    pub fn owns(&self, place: Place) -> bool {
        match (self.side, self.place) {
            (Side::Nobody, _) | (_, None) => false,
            (Side::Portal, Some(own)) => own == place,
            (Side::Team | Side::Program, Some(own)) => own.org == place.org,
        }
    }

    /// Whether a route is of the side on which this asker is somebody.
    pub(super) fn has_to_do_with(&self, path: &str) -> bool {
        match self.side {
            Side::Nobody => false,
            Side::Portal => path.starts_with("/portal"),
            Side::Team => path.starts_with("/app"),
            Side::Program => path.starts_with("/graphql") || path.starts_with("/export"),
        }
    }
}

/// What an answer shows.
#[derive(Debug, Default)]
pub struct Seen<'w> {
    /// Something that the asker may see.
    pub own: bool,
    /// What they may not.
    pub foreign: Vec<&'w Secret>,
}

/// Everybody there is in a world, and nobody; all of them ask this application, whichever the world was made through.
#[must_use]
pub fn askers(app: &App, world: &World) -> Vec<Asker> {
    let nobody =
        Asker { label: "nobody".to_owned(), side: Side::Nobody, place: None, visitor: Visitor::new(app) };
    let mut askers = vec![nobody];
    for (org, of) in world.orgs.iter().enumerate() {
        for (client, one) in of.clients.iter().enumerate() {
            let label = format!("the contact of client {} of org {}", client + 1, org + 1);
            let place = Some(Place { org, client: Some(client) });
            askers.push(Asker { label, side: Side::Portal, place, visitor: one.contact.through(app) });
        }
        let team = [
            ("owner", Side::Team, &of.owner),
            ("member", Side::Team, &of.member),
            ("program", Side::Program, &of.program),
        ];
        for (name, side, visitor) in team {
            let label = format!("a {name} of org {}", org + 1).replace("a owner", "the owner");
            askers.push(Asker {
                label,
                side,
                place: Some(Place { org, client: None }),
                visitor: visitor.through(app),
            });
        }
    }
    askers
}
