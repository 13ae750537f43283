//! One's own account: name, password, sessions (rules T1d, S2). Whoever changes what the account is entered
//! by shows the password again: a browser that was left open must not be enough.

use app::problem::{FieldProblem, Problem};

use super::{
    Credentials, Device,
    sign_in::{Proof, Proven, prove},
};
use crate::{
    auth::{actor::TeamActor, password::Passwords, team_session::TeamVisit, token::Token},
    error::{Error, Result},
    fields::Check,
    id::TeamSessionId,
    login::Address,
    store::{
        ActivityKind, Origin, Store,
        system::{OwnSessionRow, TeamTokenPurpose},
    },
};

/// Somebody at their own account.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Who.
    pub visit: &'a TeamVisit,
    /// The browser, if it has signed in to some account before.
    pub device: Option<Device>,
    /// From where.
    pub origin: &'a Origin,
}

/// What came of a change.
pub enum Change {
    /// It is made.
    Made,
    /// It is made, and the session goes on under another token, for the cookie.
    Renewed(Token),
    /// What is wrong, by field.
    Problems(Vec<FieldProblem>),
}

impl Own<'_> {
    /// Whether this is the person's password; counted as an attempt to sign in is.
    pub(super) async fn prove(
        &self,
        store: &Store,
        passwords: &Passwords,
        (field, password): (&'static str, &str),
    ) -> Result<Result<Proven, Vec<FieldProblem>>> {
        let address = self.address()?;
        let credentials =
            Credentials { address: &address, password, device: self.device, origin: self.origin };
        let problem = match prove(store, passwords, &credentials).await? {
            Proof::Right(proven) => return Ok(Ok(proven)),
            Proof::Wrong => Problem::WrongPassword,
            Proof::TooMany => Problem::TooManyAttempts,
        };
        Ok(Err(vec![FieldProblem::new(field, problem)]))
    }

    pub(super) fn address(&self) -> Result<Address> {
        Address::parse(&self.visit.person_email).map_err(|_| Error::bug("a person without an address"))
    }
}

/// Gives the person another name.
pub async fn rename(store: &Store, actor: &TeamActor, typed: &str) -> Result<Change> {
    let mut check = Check::default();
    let name = check.name("name", typed);
    if !check.is_clean() {
        return Ok(Change::Problems(check.into_problems()));
    }
    let mut tx = store.system().begin().await?;
    tx.rename_person(actor.person_id(), &name).await?;
    tx.commit().await?;
    Ok(Change::Made)
}

/// Sets another password. All other sessions end, this one gets another token, and links for a forgotten
/// password are dead.
pub async fn change_password(
    store: &Store,
    passwords: &Passwords,
    own: Own<'_>,
    current: &str,
    new: &str,
) -> Result<Change> {
    let mut check = Check::default();
    let visit = own.visit;
    let about = [visit.person_email.as_str(), &visit.person_name, &visit.brand.org_name];
    check.password("newPassword", new, &about);
    if !check.is_clean() {
        return Ok(Change::Problems(check.into_problems()));
    }
    let proven = match own.prove(store, passwords, ("currentPassword", current)).await? {
        Ok(proven) => proven,
        Err(problems) => return Ok(Change::Problems(problems)),
    };
    let hash = passwords.hash(new).await?;
    let mut tx = store.system().begin().await?;
    tx.forget_attempts(&proven.attempts).await?;
    tx.set_password(proven.person, &hash).await?;
    tx.close_team_tokens(TeamTokenPurpose::PasswordReset, own.address()?.as_str()).await?;
    tx.end_other_team_sessions(&visit.actor, own.origin).await?;
    let token = Token::random();
    tx.renew_team_session(visit.actor.session_id()?, &token.hash()).await?;
    tx.log_person(ActivityKind::PasswordChanged, proven.person, own.origin).await?;
    tx.commit().await?;
    Ok(Change::Renewed(token))
}

/// The person's sessions under way.
pub async fn own_sessions(store: &Store, actor: &TeamActor) -> Result<Vec<OwnSessionRow>> {
    store.system().own_team_sessions(actor).await
}

/// Ends one of the person's other sessions; `false` where there is none such.
pub async fn end_session(store: &Store, actor: &TeamActor, id: &str, origin: &Origin) -> Result<bool> {
    match id.parse::<TeamSessionId>() {
        // Signing out is another form, which takes the cookie away as well.
        Ok(id) if id != actor.session_id()? => store.system().end_own_team_session(actor, id, origin).await,
        _ => Ok(false),
    }
}

/// Ends all of the person's sessions but this one.
pub async fn end_other_sessions(store: &Store, actor: &TeamActor, origin: &Origin) -> Result<u64> {
    let mut tx = store.system().begin().await?;
    let ended = tx.end_other_team_sessions(actor, origin).await?;
    tx.commit().await?;
    Ok(ended)
}
