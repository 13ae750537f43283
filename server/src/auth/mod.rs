//! Who is asking. Cookies, tokens and codes are read and made here, and authority is minted here
//! alone: an actor has private fields and no public constructor.

pub mod actor;
pub mod api_token;
pub mod common_passwords;
pub mod cookie;
pub mod password;
pub mod pending;
pub mod scopes;
pub mod secret;
pub mod session;
pub mod share_link;
pub mod team_session;
pub mod token;
