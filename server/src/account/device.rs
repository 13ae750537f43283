//! A browser that has signed in to an account before (OWASP, "Slow Down Online Guessing Attacks with
//! Device Cookies"). It opens no door. It only has attempts of its own, so that a stranger who guesses
//! at the password from elsewhere cannot keep the account's owner out.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    auth::secret::{Purpose, Secrets, sha256},
    login::Address,
};

/// How long a browser is known, in seconds: a year.
pub const LIFETIME_SECONDS: u64 = 365 * 24 * 60 * 60;

/// A browser and the account that it is known to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    id: [u8; 16],
    account: [u8; 16],
}

impl Device {
    /// A browser that has just signed in for the first time.
    #[must_use]
    pub fn new(address: &Address) -> Self {
        Self { id: crate::random::bytes(), account: account(address) }
    }

    /// Reads a cookie that we signed.
    #[must_use]
    pub fn verify(secrets: &Secrets, cookie: &str) -> Option<Self> {
        let (body, signature) = cookie.split_once('.')?;
        let body: [u8; 32] = URL_SAFE_NO_PAD.decode(body).ok()?.try_into().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !secrets.verify(Purpose::Device, &body, &signature) {
            return None;
        }
        let (id, account) = body.split_at(16);
        Some(Self { id: id.try_into().ok()?, account: account.try_into().ok()? })
    }

    /// The cookie's value.
    #[must_use]
    pub fn sign(&self, secrets: &Secrets) -> String {
        let body = [self.id, self.account].concat();
        let signature = secrets.sign(Purpose::Device, &body);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(body), URL_SAFE_NO_PAD.encode(signature))
    }

    /// Its id, if this is the account that it is known to.
    #[must_use]
    pub fn known_to(&self, address: &Address) -> Option<&[u8; 16]> {
        (self.account == account(address)).then_some(&self.id)
    }
}

fn account(address: &Address) -> [u8; 16] {
    let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = sha256(address.as_str().as_bytes());
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_to_one_account_and_only_if_we_signed_it() {
        let secrets = Secrets::random();
        let (mara, jonas) =
            (Address::parse("mara@a.example").unwrap(), Address::parse("jonas@a.example").unwrap());
        let device = Device::new(&mara);
        let cookie = device.sign(&secrets);
        assert_eq!(Device::verify(&secrets, &cookie), Some(device));
        assert_eq!(Device::verify(&Secrets::random(), &cookie), None);
        assert_eq!(Device::verify(&secrets, &cookie[1..]), None);
        assert!(device.known_to(&mara).is_some() && device.known_to(&jonas).is_none());
    }
}
