//! Tokens for programs: made, seen and revoked in person.

use app::problem::{FieldProblem, Problem};
use async_graphql::{Enum, ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};

use super::{ADMIN_IN_PERSON, client::TeamFieldProblem, is_admin_in_person};
use crate::{
    auth::{
        api_token::ApiToken,
        scopes::{Area, Level, Scopes},
    },
    clock::day_begins,
    error::Result,
    fields::Check,
    graphql::{guard::Team, scalar::Date},
    id::ApiTokenId,
    store::team::{ApiTokenDraft, ApiTokenListRow, MOST_TOKENS},
};

/// What a token may do. Who may write may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(visible = "is_admin_in_person")]
pub(super) enum TeamTokenScope {
    /// To see clients and contacts.
    ClientsRead,
    /// To see and change them.
    ClientsWrite,
    /// To see invoices and drafts.
    InvoicesRead,
    /// To see, write, send, share and cancel them.
    InvoicesWrite,
    /// To see payments and statements.
    PaymentsRead,
    /// To see payments, write them down and take them back.
    PaymentsWrite,
    /// To see the log.
    ActivityRead,
    /// To see the org's settings and, for admins and owners, its people.
    SettingsRead,
    /// To see them and to change the settings, as far as the role of whoever made the token goes. Of the people,
    /// invitations can be taken back; who is invited, removed, or may do something else is decided in person.
    SettingsWrite,
}

/// A token for a program.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
pub(super) struct TeamToken {
    /// Id.
    id: ID,
    /// What its maker called it.
    name: String,
    /// Its last four characters, to tell it from others.
    hint: String,
    /// What it may do.
    scopes: Vec<TeamTokenScope>,
    /// Whether it runs documents alone that the org has trusted.
    documents_only: bool,
    /// The name of the member who made it. It can do no more than they can.
    made_by: String,
    /// Whether it opens anything: it has not expired, and its maker is a member still.
    is_live: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it works; null: until it is revoked.
    expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute; null where it never was.
    last_used_at: Option<DateTime<Utc>>,
    /// The network address from which it was, without its last part; may be empty.
    last_used_from: String,
}

/// A token to be made.
#[derive(Debug, InputObject)]
#[graphql(visible = "is_admin_in_person")]
pub(in crate::graphql) struct TeamTokenInput {
    /// What it is for, at most 80 characters.
    name: String,
    /// What it may do; at least one.
    scopes: Vec<TeamTokenScope>,
    /// The last day on which it works, by the org's calendar; null: until it is revoked.
    expires_on: Option<Date>,
    /// Whether it runs documents alone that the org has trusted.
    #[graphql(default)]
    documents_only: bool,
}

/// What came of making a token.
#[derive(Debug, SimpleObject)]
#[graphql(guard = "ADMIN_IN_PERSON", visible = "is_admin_in_person")]
pub(in crate::graphql) struct TeamTokenMade {
    /// Its id; null where none was made.
    id: Option<ID>,
    /// The token itself, 53 characters that begin with `pst_`. It is shown here and never again.
    token: Option<String>,
    /// What is wrong, by field; empty where it was made.
    problems: Vec<TeamFieldProblem>,
}

pub(super) async fn list(team: &Team<'_>) -> Result<Vec<TeamToken>> {
    let rows = team.scope.api_tokens().await?;
    Ok(rows.into_iter().map(|row| TeamToken::new(row, team.now)).collect())
}

pub(super) async fn add(team: &Team<'_>, input: &TeamTokenInput) -> Result<TeamTokenMade> {
    let mut check = Check::default();
    let name = check.line("name", &input.name, 80);
    if input.scopes.is_empty() {
        check.refuse("scopes", Problem::NoScope);
    }
    let expires_at = match &input.expires_on {
        Some(day) if day.0 < team.today => {
            check.refuse("expiresOn", Problem::InThePast);
            None
        }
        // It works to the end of its last day.
        Some(day) => day.0.succ_opt().map(|next| day_begins(next, team.visit.time_zone)),
        None => None,
    };
    if name.is_empty() {
        check.refuse("name", Problem::Required);
    }
    if !check.is_clean() {
        return Ok(TeamTokenMade::refused(check.into_problems()));
    }
    let scopes = input.scopes.iter().fold(Scopes::default(), |scopes, scope| {
        let (area, level) = scope.parts();
        scopes.with(area, level)
    });
    let draft = ApiTokenDraft { name, scopes, documents_only: input.documents_only, expires_at };
    let token = ApiToken::random();
    Ok(match team.scope.add_api_token(&draft, &token, team.origin).await? {
        Some(id) => TeamTokenMade {
            id: Some(id.to_string().into()),
            token: Some(token.as_str().to_owned()),
            problems: vec![],
        },
        None => TeamTokenMade::refused(vec![FieldProblem::new(
            "name",
            Problem::TooMany { most: usize::try_from(MOST_TOKENS).unwrap_or(usize::MAX) },
        )]),
    })
}

pub(super) async fn revoke(team: &Team<'_>, id: &str) -> Result<bool> {
    match id.parse::<ApiTokenId>() {
        Ok(id) => team.scope.revoke_api_token(id, team.origin).await,
        Err(_) => Ok(false),
    }
}

impl TeamTokenScope {
    const ALL: [Self; 9] = [
        Self::ClientsRead,
        Self::ClientsWrite,
        Self::InvoicesRead,
        Self::InvoicesWrite,
        Self::PaymentsRead,
        Self::PaymentsWrite,
        Self::ActivityRead,
        Self::SettingsRead,
        Self::SettingsWrite,
    ];

    const fn parts(self) -> (Area, Level) {
        match self {
            Self::ClientsRead => (Area::Clients, Level::Read),
            Self::ClientsWrite => (Area::Clients, Level::Write),
            Self::InvoicesRead => (Area::Invoices, Level::Read),
            Self::InvoicesWrite => (Area::Invoices, Level::Write),
            Self::PaymentsRead => (Area::Payments, Level::Read),
            Self::PaymentsWrite => (Area::Payments, Level::Write),
            Self::ActivityRead => (Area::Activity, Level::Read),
            Self::SettingsRead => (Area::Settings, Level::Read),
            Self::SettingsWrite => (Area::Settings, Level::Write),
        }
    }
}

impl TeamToken {
    fn new(row: ApiTokenListRow, now: DateTime<Utc>) -> Self {
        let scopes = Scopes::parse(&row.scopes);
        let is_live = !row.maker_is_gone && row.expires_at.is_none_or(|at| at > now);
        Self {
            id: row.id.to_string().into(),
            name: row.name,
            hint: row.hint,
            scopes: TeamTokenScope::ALL
                .into_iter()
                .filter(|scope| scopes.level(scope.parts().0) == Some(scope.parts().1))
                .collect(),
            documents_only: row.documents_only,
            made_by: row.made_by,
            is_live,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            last_used_from: row.last_used_from,
        }
    }
}

impl TeamTokenMade {
    fn refused(problems: Vec<FieldProblem>) -> Self {
        Self { id: None, token: None, problems: TeamFieldProblem::all(problems) }
    }
}
