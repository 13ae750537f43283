//! Drafts: writing them, sending them, and the mails and links of an invoice.

use async_graphql_value::ConstValue;
use serde::Deserialize;

use super::{Change, Saved, SavedAnswer, object, run, variables};
use crate::{
    api::{Document, Executor},
    error::AppError,
    money::TypedLine,
    problem::Problems,
};

/// A draft as it stands in the editor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftForm {
    /// What it is for.
    pub title: String,
    /// The client's reference.
    pub reference: String,
    /// A word to the client.
    pub notes: String,
    /// Day of issue; empty: the day on which it is sent.
    pub issued_on: String,
    /// Last day to pay in time; empty: so many days later as the org has settled.
    pub due_on: String,
    /// In percent; may be empty.
    pub discount: String,
    /// The lines.
    pub lines: Vec<TypedLine>,
    /// The version that was read.
    pub version: i32,
}

impl DraftForm {
    /// Reads what the form sent, in which the fields of a line come once a line, in order. What is not known is
    /// ignored.
    #[must_use]
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let one = |name: &str| {
            pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let mut lines: Vec<TypedLine> = Vec::new();
        // The description is the first field of each line.
        for (key, value) in pairs {
            let value = value.clone();
            match (key.as_str(), lines.last_mut()) {
                ("description", _) => lines.push(TypedLine { description: value, ..TypedLine::default() }),
                ("quantity", Some(line)) => line.quantity = value,
                ("unit", Some(line)) => line.unit = value,
                ("unitPrice", Some(line)) => line.unit_price = value,
                ("taxRate", Some(line)) => line.tax_rate = value,
                _ => {}
            }
        }
        Self {
            title: one("title"),
            reference: one("reference"),
            notes: one("notes"),
            issued_on: one("issuedOn"),
            due_on: one("dueOn"),
            discount: one("discount"),
            lines,
            version: one("version").parse().unwrap_or_default(),
        }
    }
}

/// What came of saving a draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DraftSaved {
    /// The new version; none where nothing was saved.
    pub version: Option<i32>,
    /// Where it was saved, what hinders sending it so far; otherwise, what is wrong.
    pub problems: Problems,
}

/// To whom a mail about an invoice goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailForm {
    /// Made with the form, so that a form that is sent twice is one reminder.
    pub key: String,
    /// The version that was read.
    pub version: i32,
    /// Ids of contacts.
    pub contacts: Vec<String>,
    /// The org's own words.
    pub message: String,
}

impl MailForm {
    /// Reads what the form sent, in which each contact that is ticked stands once.
    #[must_use]
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (key, value) in pairs {
            match key.as_str() {
                "key" => form.key = value,
                "version" => form.version = value.parse().unwrap_or_default(),
                "contact" => form.contacts.push(value),
                "message" => form.message = value,
                _ => {}
            }
        }
        form
    }

    fn input(&self) -> ConstValue {
        let contacts = self.contacts.iter().map(|id| ConstValue::from(id.as_str())).collect();
        object([("contactIds", ConstValue::List(contacts)), ("message", self.message.as_str().into())])
    }
}

pub(super) const ADD_DRAFT: Document = Document {
    name: "TeamAddDraft",
    source: "mutation TeamAddDraft($client: ID!, $id: ID!) {
        saved: teamAddDraft(clientId: $client, id: $id) { id problems { field message } } }",
};

pub(super) const SAVE_DRAFT: Document = Document {
    name: "TeamSaveDraft",
    source: "mutation TeamSaveDraft($id: ID!, $version: Int!, $input: TeamDraftInput!) {
        saved: teamSaveDraft(id: $id, version: $version, input: $input) { version problems { field message } } }",
};

pub(super) const DELETE_DRAFT: Document = Document {
    name: "TeamDeleteDraft",
    source: "mutation TeamDeleteDraft($id: ID!) { done: teamDeleteDraft(id: $id) }",
};

pub(super) const DUPLICATE: Document = Document {
    name: "TeamDuplicateInvoice",
    source: "mutation TeamDuplicateInvoice($id: ID!, $newId: ID!) {
        saved: teamDuplicateInvoice(id: $id, newId: $newId) { id problems { field message } } }",
};

pub(super) const SEND: Document = Document {
    name: "TeamSendInvoice",
    source:
        "mutation TeamSendInvoice($id: ID!, $version: Int!, $input: TeamMailInput!) {
        saved: teamSendInvoice(id: $id, version: $version, input: $input) { id problems { field message } } }",
};

pub(super) const REMIND: Document = Document {
    name: "TeamRemind",
    source: "mutation TeamRemind($id: ID!, $key: ID!, $input: TeamMailInput!) {
        saved: teamRemind(id: $id, key: $key, input: $input) { id problems { field message } } }",
};

pub(super) const REPLACE_LINK: Document = Document {
    name: "TeamReplaceShareLink",
    source: "mutation TeamReplaceShareLink($id: ID!) {
        saved: teamReplaceShareLink(id: $id) { id problems { field message } } }",
};

pub(super) const REVOKE_LINK: Document = Document {
    name: "TeamRevokeShareLink",
    source: "mutation TeamRevokeShareLink($id: ID!) {
        saved: teamRevokeShareLink(id: $id) { id problems { field message } } }",
};

/// Begins a draft for a client, under an id of the caller's making.
pub async fn add_draft(executor: &dyn Executor, client: &str, id: &str) -> Result<Saved, AppError> {
    saved(executor, ADD_DRAFT, variables([("client", client.into()), ("id", id.into())])).await
}

/// Saves a draft as it is typed.
pub async fn save_draft(executor: &dyn Executor, id: &str, form: &DraftForm) -> Result<DraftSaved, AppError> {
    let line = |line: &TypedLine| {
        object([
            ("description", line.description.as_str().into()),
            ("quantity", line.quantity.as_str().into()),
            ("unit", line.unit.as_str().into()),
            ("unitPrice", line.unit_price.as_str().into()),
            ("taxRate", line.tax_rate.as_str().into()),
        ])
    };
    let input = object([
        ("title", form.title.as_str().into()),
        ("reference", form.reference.as_str().into()),
        ("notes", form.notes.as_str().into()),
        ("issuedOn", form.issued_on.as_str().into()),
        ("dueOn", form.due_on.as_str().into()),
        ("discount", form.discount.as_str().into()),
        ("lines", ConstValue::List(form.lines.iter().map(line).collect())),
    ]);
    let variables = variables([("id", id.into()), ("version", form.version.into()), ("input", input)]);
    run::<Change<DraftSaved>>(executor, SAVE_DRAFT, variables).await.map(|change| change.done)
}

/// Deletes a draft; `false` where there is none such, or it was sent.
pub async fn delete_draft(executor: &dyn Executor, id: &str) -> Result<bool, AppError> {
    run::<Change<bool>>(executor, DELETE_DRAFT, variables([("id", id.into())]))
        .await
        .map(|change| change.done)
}

/// Begins a draft that says what another invoice says.
pub async fn duplicate_invoice(executor: &dyn Executor, id: &str, new_id: &str) -> Result<Saved, AppError> {
    saved(executor, DUPLICATE, variables([("id", id.into()), ("newId", new_id.into())])).await
}

/// Sends a draft.
pub async fn send_invoice(executor: &dyn Executor, id: &str, form: &MailForm) -> Result<Saved, AppError> {
    let variables = variables([("id", id.into()), ("version", form.version.into()), ("input", form.input())]);
    saved(executor, SEND, variables).await
}

/// Reminds contacts of an invoice.
pub async fn remind(executor: &dyn Executor, id: &str, form: &MailForm) -> Result<Saved, AppError> {
    let variables =
        variables([("id", id.into()), ("key", form.key.as_str().into()), ("input", form.input())]);
    saved(executor, REMIND, variables).await
}

/// Gives an invoice a new share link.
pub async fn replace_share_link(executor: &dyn Executor, id: &str) -> Result<Saved, AppError> {
    saved(executor, REPLACE_LINK, variables([("id", id.into())])).await
}

/// Switches an invoice's share link off.
pub async fn revoke_share_link(executor: &dyn Executor, id: &str) -> Result<Saved, AppError> {
    saved(executor, REVOKE_LINK, variables([("id", id.into())])).await
}

async fn saved(
    executor: &dyn Executor,
    document: Document,
    variables: async_graphql_value::Variables,
) -> Result<Saved, AppError> {
    let change: Change<SavedAnswer> = run(executor, document, variables).await?;
    Ok(change.done.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_line_by_line() {
        let pairs: Vec<(String, String)> = [
            ("title", "Work"),
            ("quantity", "lost"),
            ("description", "a"),
            ("quantity", "1"),
            ("unitPrice", "2"),
            ("description", "b"),
            ("taxRate", "19"),
            ("version", "7"),
            ("act", "save"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
        let form = DraftForm::from_pairs(&pairs);
        assert_eq!((form.title.as_str(), form.version, form.lines.len()), ("Work", 7, 2));
        assert_eq!((form.lines[0].quantity.as_str(), form.lines[1].tax_rate.as_str()), ("1", "19"));
    }
}
