//! Tokens for programs.

use async_graphql_value::{ConstValue, Name, Variables};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;

use super::{Change, object, run, team, variables};
use crate::{
    api::{Document, Executor},
    error::AppError,
    problem::Problems,
};

/// How far a token goes in one area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenLevel {
    /// Not at all.
    #[default]
    None,
    /// To see.
    Read,
    /// To see and to change.
    Write,
}

impl TokenLevel {
    /// The word that a form sends.
    #[must_use]
    pub const fn as_form_value(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// How far a token goes in each area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenScopes {
    /// Clients and contacts.
    pub clients: TokenLevel,
    /// Invoices and drafts.
    pub invoices: TokenLevel,
    /// Payments.
    pub payments: TokenLevel,
    /// The log.
    pub activity: TokenLevel,
    /// Settings, and reading who is on the team.
    pub settings: TokenLevel,
}

impl TokenScopes {
    /// Each area by its name in the schema, with its level.
    #[must_use]
    pub const fn by_area(self) -> [(&'static str, TokenLevel); 5] {
        [
            ("CLIENTS", self.clients),
            ("INVOICES", self.invoices),
            ("PAYMENTS", self.payments),
            ("ACTIVITY", self.activity),
            ("SETTINGS", self.settings),
        ]
    }

    fn of(words: &[String]) -> Self {
        let level = |area: &str| {
            let has = |level: &str| words.iter().any(|word| word.strip_prefix(area) == Some(level));
            if has("_WRITE") {
                TokenLevel::Write
            } else if has("_READ") {
                TokenLevel::Read
            } else {
                TokenLevel::None
            }
        };
        Self {
            clients: level("CLIENTS"),
            invoices: level("INVOICES"),
            payments: level("PAYMENTS"),
            activity: level("ACTIVITY"),
            settings: level("SETTINGS"),
        }
    }

    fn to_graphql(self) -> ConstValue {
        let word = |(area, level)| match level {
            TokenLevel::None => None,
            TokenLevel::Read => Some(format!("{area}_READ")),
            TokenLevel::Write => Some(format!("{area}_WRITE")),
        };
        ConstValue::List(
            self.by_area()
                .into_iter()
                .filter_map(word)
                .map(|word| ConstValue::Enum(Name::new(word)))
                .collect(),
        )
    }
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Id.
    pub id: String,
    /// What its maker called it.
    pub name: String,
    /// Its last characters.
    pub hint: String,
    /// What it may do.
    pub scopes: TokenScopes,
    /// Whether it runs documents alone that the org has trusted.
    pub documents_only: bool,
    /// Who made it.
    pub made_by: String,
    /// Whether it opens anything.
    pub is_live: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From where; may be empty.
    pub last_used_from: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenAnswer {
    id: String,
    name: String,
    hint: String,
    scopes: Vec<String>,
    documents_only: bool,
    made_by: String,
    is_live: bool,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    last_used_from: String,
}

impl From<TokenAnswer> for Token {
    fn from(answer: TokenAnswer) -> Self {
        Self {
            id: answer.id,
            name: answer.name,
            hint: answer.hint,
            scopes: TokenScopes::of(&answer.scopes),
            documents_only: answer.documents_only,
            made_by: answer.made_by,
            is_live: answer.is_live,
            created_at: answer.created_at,
            expires_at: answer.expires_at,
            last_used_at: answer.last_used_at,
            last_used_from: answer.last_used_from,
        }
    }
}

/// A token as it stands in a form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TokenForm {
    /// What to call it.
    pub name: String,
    /// For how many days it works: `30`, `90`, `365`; empty: until it is revoked.
    pub days: String,
    /// How far it goes with clients and contacts.
    pub clients: TokenLevel,
    /// With invoices.
    pub invoices: TokenLevel,
    /// With payments.
    pub payments: TokenLevel,
    /// With the log.
    pub activity: TokenLevel,
    /// With settings.
    pub settings: TokenLevel,
    /// `on`: it runs documents alone that the org has trusted.
    pub documents_only: String,
}

impl Default for TokenForm {
    /// What most begin with: a program that looks, for a quarter of a year.
    fn default() -> Self {
        Self {
            name: String::new(),
            days: "90".to_owned(),
            clients: TokenLevel::None,
            invoices: TokenLevel::None,
            payments: TokenLevel::None,
            activity: TokenLevel::None,
            settings: TokenLevel::None,
            documents_only: String::new(),
        }
    }
}

impl TokenForm {
    /// What it may do.
    #[must_use]
    pub const fn scopes(&self) -> TokenScopes {
        TokenScopes {
            clients: self.clients,
            invoices: self.invoices,
            payments: self.payments,
            activity: self.activity,
            settings: self.settings,
        }
    }

    /// The last day on which it works; none: until it is revoked.
    fn expires_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        let days: u64 = self.days.parse().ok()?;
        today.checked_add_days(Days::new(days))
    }
}

/// What came of making a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeToken {
    /// The token itself, to be shown once.
    Made(String),
    /// None was made; what is wrong, by field.
    Refused(Problems),
}

pub(super) const TOKENS: Document = Document {
    name: "TeamTokens",
    source: "query TeamTokens { team { tokens { id name hint scopes documentsOnly madeBy isLive createdAt
        expiresAt lastUsedAt lastUsedFrom } } }",
};

pub(super) const ADD: Document = Document {
    name: "TeamAddToken",
    source: "mutation TeamAddToken($input: TeamTokenInput!) {
        saved: teamAddToken(input: $input) { token problems { field message } } }",
};

pub(super) const REVOKE: Document = Document {
    name: "TeamRevokeToken",
    source: "mutation TeamRevokeToken($id: ID!) { done: teamRevokeToken(id: $id) }",
};

/// The org's tokens, newest first.
pub async fn tokens(executor: &dyn Executor) -> Result<Vec<Token>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        tokens: Vec<TokenAnswer>,
    }
    let answer = team::<Answer>(executor, TOKENS, Variables::default()).await?;
    Ok(answer.tokens.into_iter().map(Token::from).collect())
}

/// Makes one.
pub async fn add_token(
    executor: &dyn Executor,
    form: &TokenForm,
    today: NaiveDate,
) -> Result<MadeToken, AppError> {
    #[derive(Deserialize)]
    struct Made {
        token: Option<String>,
        problems: Problems,
    }
    let expires_on = form.expires_on(today).map_or(ConstValue::Null, |day| day.to_string().into());
    let input = object([
        ("name", form.name.as_str().into()),
        ("scopes", form.scopes().to_graphql()),
        ("expiresOn", expires_on),
        ("documentsOnly", (form.documents_only == "on").into()),
    ]);
    let made = run::<Change<Made>>(executor, ADD, variables([("input", input)])).await?.done;
    Ok(made.token.map_or(MadeToken::Refused(made.problems), MadeToken::Made))
}

/// Revokes one; `false` where there is none such.
pub async fn revoke_token(executor: &dyn Executor, id: &str) -> Result<bool, AppError> {
    run::<Change<bool>>(executor, REVOKE, variables([("id", id.into())])).await.map(|change| change.done)
}
