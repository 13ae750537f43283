//! Orgs beside any scope: made at a sign-up or by somebody who is signed in, chosen by a person who has
//! several, and put on another plan by the operator.

use chrono::TimeDelta;

use crate::{
    auth::{actor::TeamActor, session::Plan},
    error::Result,
    id::{ActivityId, MemberId, OrgId, PersonId},
    store::{
        ActivityKind, Origin, checkout,
        db::{execute, fetch_all, fetch_optional},
        system::{System, SystemTx, account::MembershipRow, attempts_key},
    },
};

/// An org that somebody makes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewOrg<'a> {
    pub(crate) slug: &'a str,
    pub(crate) name: &'a str,
    pub(crate) locale: &'a str,
    pub(crate) email: &'a str,
    pub(crate) owner: PersonId,
}

/// An org of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnOrgRow {
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// What they may do there: `owner`, `admin` or `member`.
    pub role: String,
}

#[derive(sqlx::FromRow)]
struct Slug {
    slug: String,
}

#[derive(sqlx::FromRow)]
struct OrgKey {
    id: OrgId,
}

const ORG_BY_SLUG: &str = "SELECT id FROM orgs WHERE slug = $1";
const SET_PLAN: &str = "UPDATE orgs SET plan = $2, version = version + 1 WHERE id = $1 AND plan <> $2";
const LOG_OF_OPERATOR: &str = "INSERT INTO activity \
    (org_id, id, at, kind, actor_kind, actor_name, client_visible, detail, browser, ip_short) \
    VALUES ($1, $2, $3, $4, 'system', 'Operator', FALSE, $5, '', '')";
const OWN_ORGS: &str = "SELECT o.slug, o.name, m.role FROM members m JOIN orgs o ON o.id = m.org_id \
    WHERE m.person_id = $1 AND m.removed_at IS NULL ORDER BY m.org_id";
const OWN_ORG: &str = "SELECT m.org_id, m.id AS member_id, m.person_id FROM members m \
    JOIN orgs o ON o.id = m.org_id WHERE m.person_id = $1 AND o.slug = $2 AND m.removed_at IS NULL";
const ANY_ORG: &str = "SELECT slug FROM orgs LIMIT 1";
const SLUGS_LIKE: &str = "SELECT slug FROM orgs WHERE slug = $1 OR slug LIKE $2";
const ADD_ORG: &str = "INSERT INTO orgs (id, slug, name, plan, locale, time_zone, accent, email, address, tax_id, \
    payment_instructions, invoice_prefix, next_invoice_number, created_at) \
    VALUES ($1, $2, $3, 'free', $4, 'UTC', $5, $6, '', '', '', '', 1, $7)";
const ADD_MEMBER: &str =
    "INSERT INTO members (org_id, id, person_id, role, created_at) VALUES ($1, $2, $3, 'owner', $4)";

impl System<'_> {
    /// Changes the plan of the org with this short name, as the operator; without the portal nothing is paid online
    /// either (rule B1). `None`: there is no such org, `Some(false)`: it is so already.
    pub(crate) async fn set_plan(&self, slug: &str, plan: Plan) -> Result<Option<bool>> {
        let mut tx = self.begin().await?;
        let Some(org) = fetch_optional!(tx.conn, OrgKey, ORG_BY_SLUG, slug)? else { return Ok(None) };
        let changed = execute!(tx.conn, SET_PLAN, org.id, plan.as_str())? > 0;
        if changed {
            let now = tx.now();
            let kind = ActivityKind::PlanChanged.as_str();
            execute!(tx.conn, LOG_OF_OPERATOR, org.id, ActivityId::new(now), now, kind, plan.as_str())?;
            if !plan.has_portal() {
                checkout::enqueue_closing(&mut tx.conn, now, org.id).await?;
            }
        }
        tx.commit().await?;
        Ok(Some(changed))
    }

    /// The orgs of whoever asks, the one they are in among them.
    pub(crate) async fn own_orgs(&self, actor: &TeamActor) -> Result<Vec<OwnOrgRow>> {
        let mut conn = self.read().await?;
        let rows = fetch_all!(conn, OwnOrgRow, OWN_ORGS, actor.person_id())?;
        conn.commit().await?;
        Ok(rows)
    }

    /// Whether nobody has made an org yet.
    pub(crate) async fn has_no_org(&self) -> Result<bool> {
        let mut conn = self.read().await?;
        let org = fetch_optional!(conn, Slug, ANY_ORG)?;
        conn.commit().await?;
        Ok(org.is_none())
    }
}

impl SystemTx {
    /// Takes hold of making the first org, until the transaction ends; whether there is still none. Of many who
    /// try at once, each waits for the one before: at a row of `attempts`, for there is no org's row yet.
    pub(crate) async fn hold_the_first_org(&mut self) -> Result<bool> {
        self.count_attempt(&attempts_key(&[b"first org"]), TimeDelta::hours(1)).await?;
        let org = fetch_optional!(self.conn, Slug, ANY_ORG)?;
        Ok(org.is_none())
    }

    /// The short name, or the first of those with a number behind it that nobody has.
    pub(crate) async fn free_slug(&mut self, wanted: &str) -> Result<String> {
        // Of letters, digits and hyphens: nothing in it is a wildcard.
        let taken = fetch_all!(self.conn, Slug, SLUGS_LIKE, wanted, format!("{wanted}-%").as_str())?;
        let is_free = |slug: &str| taken.iter().all(|row| row.slug != slug);
        if is_free(wanted) {
            return Ok(wanted.to_owned());
        }
        let mut number = 2;
        loop {
            let slug = format!("{wanted}-{number}");
            if is_free(&slug) {
                return Ok(slug);
            }
            number += 1;
        }
    }

    /// The place of whoever asks in one of their orgs; `None` where there is no such org, or not for them.
    pub(crate) async fn own_org(&mut self, actor: &TeamActor, slug: &str) -> Result<Option<MembershipRow>> {
        fetch_optional!(self.conn, MembershipRow, OWN_ORG, actor.person_id(), slug)
    }

    /// Makes an org with its owner, on the plan Free; gives the owner's place in it.
    pub(crate) async fn add_org(&mut self, new: &NewOrg<'_>) -> Result<MembershipRow> {
        let now = self.now();
        let org = OrgId::new(now);
        let NewOrg { slug, name, locale, email, owner } = *new;
        let accent = app::brand::DEFAULT_ACCENT;
        execute!(self.conn, ADD_ORG, org, slug, name, locale, accent, email, now)?;
        let member = MemberId::new(now);
        execute!(self.conn, ADD_MEMBER, org, member, owner, now)?;
        self.log_member(ActivityKind::SignedUp, (org, member), "", &Origin::default()).await?;
        Ok(MembershipRow { org_id: org, member_id: member, person_id: owner })
    }
}
