//! The store: the only place with SQL. It has no public function that takes a bare org or client
//! id (rule I1): whoever wants tenant data brings an actor and gets a scope, and only scopes have
//! queries.

#![expect(clippy::disallowed_methods, reason = "here, and only here, statements are made")]

mod activity;
mod backup;
mod bulk;
mod checkout;
pub mod client_text;
mod db;
mod examine;
pub mod guest;
pub mod invoice_text;
mod migrate;
mod money;
pub mod page;
pub mod pay;
pub mod portal;
mod postgres;
mod recheck;
pub mod row;
mod scratch;
mod search;
mod seats;
mod sql_text;
pub mod statement;
pub mod system;
pub mod team;
#[cfg(feature = "testing")]
pub mod testing;
mod webhook;

use sqlx::SqlStr;

use crate::{
    auth::actor::{GuestActor, PortalActor, TeamActor},
    clock::Clock,
    config::DatabaseConfig,
    error::Result,
};
use db::Db;

pub use activity::{ActivityKind, Origin};
pub use backup::{Copied, backup, restore};
pub use checkout::CheckoutRow;
pub use examine::{Examined, Role, examine};
pub use migrate::Schema;
pub use scratch::Scratch;
pub use webhook::{Money, WebhookFacts, WebhookKind};

/// An open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    clock: Clock,
    #[cfg(feature = "testing")]
    walls: testing::Walls,
}

impl Store {
    /// Opens the database that the configuration names and brings its schema up to date.
    ///
    /// # Errors
    /// [`crate::error::Error::Unavailable`] when it cannot be reached.
    pub async fn open(config: &DatabaseConfig, clock: Clock) -> Result<Self> {
        Ok(Self {
            db: Db::open(config).await?,
            clock,
            #[cfg(feature = "testing")]
            walls: testing::Walls::default(),
        })
    }

    /// What a portal actor may see and do.
    #[must_use]
    pub fn for_actor(&self, actor: &PortalActor) -> portal::PortalScope<'_> {
        portal::PortalScope::new(self, *actor)
    }

    /// What whoever follows a share link may see.
    #[must_use]
    pub fn for_guest(&self, actor: &GuestActor) -> guest::GuestScope<'_> {
        guest::GuestScope::new(self, *actor)
    }

    /// What a member of a team may see and do.
    #[must_use]
    pub fn for_team(&self, actor: &TeamActor) -> team::TeamScope<'_> {
        team::TeamScope::new(self, *actor)
    }

    /// The work that no actor does: login, jobs, mail, seeding.
    #[must_use]
    pub(crate) const fn system(&self) -> system::System<'_> {
        system::System::new(self)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`crate::error::Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        self.db.ping().await
    }

    /// Lets statements under way end, and closes.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// The text of a statement of a tenant's scope. Outside of tests it is what was written.
    #[cfg_attr(
        not(feature = "testing"),
        expect(
            clippy::unused_self,
            reason = "tests take the tenant predicate out to see the other walls hold"
        )
    )]
    fn scoped(&self, sql: &'static str) -> SqlStr {
        #[cfg(feature = "testing")]
        if self.is_without_predicate() {
            return testing::without_predicate(sql);
        }
        SqlStr::from_static(sql)
    }

    /// The text of a statement of the team's scope, where only `$1` is the tenant's.
    #[cfg_attr(
        not(feature = "testing"),
        expect(
            clippy::unused_self,
            reason = "tests take the tenant predicate out to see the other walls hold"
        )
    )]
    fn scoped_to_org(&self, sql: &'static str) -> SqlStr {
        #[cfg(feature = "testing")]
        if self.is_without_predicate() {
            return testing::without_org_predicate(sql);
        }
        SqlStr::from_static(sql)
    }
}
