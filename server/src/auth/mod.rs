//! Who is asking. Cookies, tokens and codes are read and made here, and authority is minted here
//! alone: an actor has private fields and no public constructor.

pub mod actor;
pub mod api_token;
pub mod common_passwords;
pub mod cookie;
#[cfg(feature = "testing")]
#[cfg_attr(not(test), expect(dead_code, reason = "the fuzzer needs but one of them"))]
pub(crate) mod example;
pub mod password;
pub mod pending;
pub mod scopes;
pub mod secret;
pub mod session;
pub mod share_link;
pub mod team_session;
pub mod token;
