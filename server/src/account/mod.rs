//! Accounts of the team: signing up, signing in, a forgotten password, one's own account, and how one comes
//! into an org (rule T1); one verb a file.
//!
//! Whoever asks for a mail gets one answer, whether the address has an account or not: the request is
//! written down as it came, and what the mail says is decided when it is sent.

mod device;
mod email_change;
mod invite;
mod join;
mod own;
mod own_orgs;
mod password_reset;
mod refusal;
mod sign_in;
mod sign_up;
mod slug;

pub use device::{Device, LIFETIME_SECONDS};
pub use email_change::{confirm_email_change, find_email_change, request_email_change};
pub use invite::{invite, send_again};
pub use join::{Join, Joining, find_invitation, is_for, join};
pub use own::{Change, Own, change_password, end_other_sessions, end_session, own_sessions, rename};
pub use own_orgs::{make_org, own_orgs, switch, switch_after_leaving};
pub use password_reset::{Reset, find_reset, request_reset, reset_password};
pub use refusal::log_refusal;
pub use sign_in::{Credentials, SignIn, sign_in};
pub use sign_up::{Confirmed, Confirming, NewAccount, confirm_sign_up, find_sign_up, request_sign_up};

use chrono::TimeDelta;

use crate::{auth::token::Token, store::system::attempts_key};

/// How long the link in a mail of this side lives.
pub const LINK_LIFETIME: TimeDelta = TimeDelta::hours(1);
/// How long an invitation lives.
pub const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(7);

/// At most this many mails of one kind to one address …
const MOST_MAILS: i64 = 5;
/// … within this time.
const MAIL_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// A team session that has just begun.
pub struct Entered {
    /// The session's token, for the cookie.
    pub token: Token,
    /// The browser, known to this account from now on.
    pub device: Device,
}
