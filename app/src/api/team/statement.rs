//! The statement of account of one client.

use async_graphql_value::Name;
use serde::Deserialize;

use super::team;
use crate::{
    api::{
        Document, Executor,
        portal::{
            Statement,
            statement::{day_variables, statement_fields},
        },
    },
    error::AppError,
    period::Period,
};

pub(super) const STATEMENT: Document = Document {
    name: "TeamStatement",
    source: concat!(
        "query TeamStatement($client: ID!, $from: Date!, $to: Date!) { team {
            statement(clientId: $client, from: $from, to: $to) { ",
        statement_fields!(),
        " } } }"
    ),
};

/// A client's statement for a period that has ended by today; `None` where there is no such client.
pub async fn statement(
    executor: &dyn Executor,
    client: &str,
    period: Period,
) -> Result<Option<Statement>, AppError> {
    #[derive(Deserialize)]
    struct Answer {
        statement: Option<Statement>,
    }
    let mut variables = day_variables(period);
    variables.insert(Name::new("client"), client.into());
    team::<Answer>(executor, STATEMENT, variables).await.map(|answer| answer.statement)
}
