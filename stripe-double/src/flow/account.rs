//! An account may take charges, may not any more, or ends the platform's access.

use serde_json::json;

use crate::{
    error::ApiError,
    model::{Account, Metadata},
    state::State,
};

impl State {
    /// One that an earlier double made. Nothing is told of it: it is no news to anybody.
    pub(crate) fn restore_account(&mut self, id: &str, name: &str, charges_enabled: bool) {
        if self.accounts.get(id).is_some() {
            return;
        }
        let wanted = if charges_enabled { Vec::new() } else { Account::FORM.map(str::to_owned).to_vec() };
        self.accounts.insert(Account {
            id: id.to_owned(),
            created: self.now,
            country: "DE".into(),
            email: None,
            default_currency: "eur".into(),
            name: Some(name.to_owned()),
            website: None,
            metadata: Metadata::new(),
            charges_enabled,
            details_submitted: charges_enabled,
            disabled_reason: (!charges_enabled).then(|| "requirements.past_due".into()),
            currently_due: wanted.clone(),
            past_due: wanted,
            pending_verification: Vec::new(),
            authorised: true,
            kind: "standard".into(),
        });
    }

    /// Its form was filled in, and Stripe is content.
    pub(crate) fn enable(&mut self, id: &str) -> Result<(), ApiError> {
        self.account_becomes(id, |account| {
            account.charges_enabled = true;
            account.details_submitted = true;
            account.disabled_reason = None;
            account.currently_due.clear();
            account.past_due.clear();
            account.pending_verification.clear();
        })
    }

    /// Stripe wants to know more, and takes no charges until it does.
    pub(crate) fn disable(&mut self, id: &str) -> Result<(), ApiError> {
        self.account_becomes(id, |account| {
            account.charges_enabled = false;
            account.disabled_reason = Some("requirements.past_due".into());
            account.currently_due = vec!["individual.verification.document".into()];
            account.past_due.clone_from(&account.currently_due);
        })
    }

    /// Its form was filled in, and Stripe looks at it: no charges yet.
    pub(crate) fn await_verification(&mut self, id: &str) -> Result<(), ApiError> {
        self.account_becomes(id, |account| {
            account.charges_enabled = false;
            account.details_submitted = true;
            account.currently_due.clear();
            account.past_due.clear();
            account.pending_verification = vec!["individual.verification.document".into()];
            account.disabled_reason = Some("requirements.pending_verification".into());
        })
    }

    /// Its owner ends the platform's access: the platform's requests for it are refused from now on.
    pub(crate) fn deauthorise(&mut self, id: &str) -> Result<(), ApiError> {
        let account = self.accounts.get_mut(id).filter(|a| a.authorised);
        account.ok_or_else(|| ApiError::no_access(id))?.authorised = false;
        let application = json!({ "id": "ca_double", "object": "application", "name": "Simulation" });
        self.emit(id, "account.application.deauthorized", application);
        Ok(())
    }

    fn account_becomes(&mut self, id: &str, change: impl FnOnce(&mut Account)) -> Result<(), ApiError> {
        let account = self.accounts.get_mut(id).filter(|a| a.authorised);
        let account = account.ok_or_else(|| ApiError::no_access(id))?;
        change(account);
        let json = account.json();
        self.emit(id, "account.updated", json);
        Ok(())
    }
}
