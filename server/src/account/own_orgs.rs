//! Several orgs of one person (rule T1c): which they are, going from one to another, and one more.

use app::problem::FieldProblem;

use super::{MAIL_WINDOW, attempts_key, slug::slug_of};
use crate::{
    auth::{actor::TeamActor, team_session::TeamVisit},
    error::{Error, Result},
    fields::Check,
    store::{
        Origin, Store,
        system::{NewOrg, OwnOrgRow},
    },
};

/// At most this many orgs of one person in ten minutes.
const MOST_ORGS: i64 = 5;

/// The orgs of whoever asks, the one they are in among them.
pub async fn own_orgs(store: &Store, actor: &TeamActor) -> Result<Vec<OwnOrgRow>> {
    store.system().own_orgs(actor).await
}

/// Lets this session look at another org of its person, found by its short name.
///
/// # Errors
/// [`Error::NotFound`]: there is no such org, or the person is no member of it.
pub async fn switch(store: &Store, actor: &TeamActor, slug: &str, origin: &Origin) -> Result<()> {
    let mut tx = store.system().begin().await?;
    let member = tx.own_org(actor, slug).await?.ok_or(Error::NotFound)?;
    if member.org_id != actor.org_id() {
        tx.look_at(actor.session_id()?, &member, origin).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// After the person has left the org of their session: lets it look at the one they used last before.
/// `false`: there is none, and the session has ended.
pub async fn switch_after_leaving(store: &Store, actor: &TeamActor, origin: &Origin) -> Result<bool> {
    let mut tx = store.system().begin().await?;
    let next = tx.last_used_membership(actor.person_id()).await?;
    match next {
        Some(member) => tx.look_at(actor.session_id()?, &member, origin).await?,
        None => tx.end_team_sessions(actor.person_id()).await?,
    }
    tx.commit().await?;
    Ok(next.is_some())
}

/// Makes an org that belongs to whoever asks, and lets this session look at it. Whether anybody may make
/// orgs here is asked before.
///
/// # Errors
/// [`Error::TooMany`] for one who makes orgs by the dozen.
pub async fn make_org(
    store: &Store,
    visit: &TeamVisit,
    typed: &str,
    locale: &str,
    origin: &Origin,
) -> Result<Result<(), Vec<FieldProblem>>> {
    let mut check = Check::default();
    let name = check.name("name", typed);
    if !check.is_clean() {
        return Ok(Err(check.into_problems()));
    }
    let mut tx = store.system().begin().await?;
    let owner = visit.actor.person_id();
    let key = attempts_key(&[b"new org", owner.uuid().as_bytes()]);
    if tx.count_attempt(&key, MAIL_WINDOW).await? > MOST_ORGS {
        return Err(Error::TooMany { retry_after: MAIL_WINDOW.to_std().unwrap_or_default() });
    }
    let slug = tx.free_slug(&slug_of(&name)).await?;
    let member =
        tx.add_org(&NewOrg { slug: &slug, name: &name, locale, email: &visit.person_email, owner }).await?;
    tx.look_at(visit.actor.session_id()?, &member, origin).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
