//! Inviting somebody to the team (rule T1a). Whether the address has an account is not asked, so no answer
//! can tell.

use app::problem::{FieldProblem, Problem};

use super::{INVITATION_LIFETIME, MAIL_WINDOW, MOST_MAILS, attempts_key};
use crate::{
    auth::{
        actor::{Role, TeamActor},
        secret::{Purpose, Secrets},
        token::LinkNonce,
    },
    error::{Error, Result},
    fields::Check,
    id::InvitationId,
    login::Address,
    store::{
        Origin, Store,
        team::{InvitationDraft, InvitationRefused, InvitationToken},
    },
};

/// Invites an address and mails the link. What is in the way comes back by field.
///
/// # Errors
/// [`Error::Invalid`] for the role of an owner: owners are made of members, by owners.
pub async fn invite(
    store: &Store,
    secrets: &Secrets,
    actor: &TeamActor,
    (typed, role): (&str, Role),
    origin: &Origin,
) -> Result<Result<InvitationId, Vec<FieldProblem>>> {
    if role == Role::Owner {
        return Err(Error::Invalid { field: "role" });
    }
    let mut check = Check::default();
    let Some(address) = check.address("email", typed) else { return Ok(Err(check.into_problems())) };
    if !may_mail(store, actor, &address).await? {
        return Ok(Err(vec![FieldProblem::new("email", Problem::TooManyMails)]));
    }
    let nonce = LinkNonce::random();
    let draft = InvitationDraft {
        email: typed.trim(),
        email_norm: address.as_str(),
        role,
        token: InvitationToken {
            nonce: nonce.bytes(),
            hash: &nonce.token(secrets, Purpose::Invitation).hash(),
            lifetime: INVITATION_LIFETIME,
        },
    };
    Ok(match store.for_team(actor).invite(&draft, origin).await? {
        Ok(id) => Ok(id),
        Err(refused) => Err(vec![problem("email", refused)?]),
    })
}

/// Sends an invitation again, with a new link. The one that was sent before is dead.
///
/// # Errors
/// [`Error::NotFound`]: the org has no such invitation, or it is no longer open.
pub async fn send_again(
    store: &Store,
    secrets: &Secrets,
    actor: &TeamActor,
    id: InvitationId,
    origin: &Origin,
) -> Result<Result<(), Vec<FieldProblem>>> {
    let scope = store.for_team(actor);
    let email = scope.invited_address(id).await?.ok_or(Error::NotFound)?;
    let address = Address::parse(&email).map_err(|_| Error::bug("an invitation without an address"))?;
    if !may_mail(store, actor, &address).await? {
        return Ok(Err(vec![FieldProblem::new("invitation", Problem::TooManyMails)]));
    }
    let nonce = LinkNonce::random();
    let token = InvitationToken {
        nonce: nonce.bytes(),
        hash: &nonce.token(secrets, Purpose::Invitation).hash(),
        lifetime: INVITATION_LIFETIME,
    };
    Ok(match scope.renew_invitation(id, token, origin).await? {
        Ok(()) => Ok(()),
        Err(refused) => Err(vec![problem("invitation", refused)?]),
    })
}

/// Counts a mail of this org to the address.
async fn may_mail(store: &Store, actor: &TeamActor, address: &Address) -> Result<bool> {
    let org = actor.org_id().uuid();
    let key = attempts_key(&[b"invitation mail", org.as_bytes(), address.as_str().as_bytes()]);
    let mut tx = store.system().begin().await?;
    let made = tx.count_attempt(&key, MAIL_WINDOW).await?;
    tx.commit().await?;
    Ok(made <= MOST_MAILS)
}

fn problem(field: &'static str, refused: InvitationRefused) -> Result<FieldProblem> {
    let problem = match refused {
        InvitationRefused::NotFound => return Err(Error::NotFound),
        InvitationRefused::IsMember => Problem::IsMember,
        InvitationRefused::IsInvited => Problem::IsInvited,
        InvitationRefused::NoPlace { most } => Problem::NoPlace { most },
    };
    Ok(FieldProblem::new(field, problem))
}
