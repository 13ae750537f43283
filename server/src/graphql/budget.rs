//! How much an answer may come to. What a document costs is estimated before it is run; lists that are as long as what somebody
//! has put into them are not in that estimate, and lists within such lists multiply. So what is made is counted as well.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use app::error::ErrorCode;
use async_graphql::{
    ErrorExtensionValues, ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};

use super::code_name;

/// The most values in an answer: fields, and members of lists. Some twenty megabytes; a hundred invoices with fifty lines of ten
/// fields each are fifty thousand.
pub(super) const MOST_VALUES: usize = 250_000;

/// Lets each request make this many values.
pub(super) struct Budget(pub(super) usize);

impl ExtensionFactory for Budget {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Left(AtomicUsize::new(self.0)))
    }
}

/// What one request may still make.
struct Left(AtomicUsize);

#[async_graphql::async_trait::async_trait]
impl Extension for Left {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let less = |left: usize| left.checked_sub(1);
        if self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_err() {
            return Err(too_much());
        }
        next.run(ctx, info).await
    }
}

fn too_much() -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code_name(ErrorCode::Invalid));
    let mut error = ServerError::new("The answer comes to too many values: ask for fewer at once.", None);
    error.extensions = Some(extensions);
    error
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

    use super::*;

    struct Numbers;

    #[Object]
    impl Numbers {
        async fn all(&self) -> Vec<Number> {
            (0..100).map(Number).collect()
        }
    }

    struct Number(i32);

    #[Object]
    impl Number {
        async fn value(&self) -> i32 {
            self.0
        }

        async fn others(&self) -> Vec<Number> {
            (0..100).map(Number).collect()
        }
    }

    /// One level is within it, two are not: the answer ends there, with no data.
    #[tokio::test]
    async fn an_answer_ends_where_its_budget_does() {
        let schema =
            Schema::build(Numbers, EmptyMutation, EmptySubscription).extension(Budget(1_000)).finish();
        let within = schema.execute("{ all { value } }").await;
        assert!(within.is_ok(), "{:?}", within.errors);
        // Each request has its own.
        assert!(schema.execute("{ all { value } }").await.is_ok());
        let beyond = schema.execute("{ all { others { value } } }").await;
        assert!((1..10).contains(&beyond.errors.len()), "what is left is not tried: {:?}", beyond.errors);
        for error in beyond.errors {
            assert_eq!(error.extensions.unwrap().get("code"), Some(&Value::from("INVALID")));
        }
        assert_eq!(beyond.data, Value::Null);
    }
}
