//! Scalars for what GraphQL's own 32-bit `Int` cannot hold.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// An amount of money as an integer of the currency's minor unit: 1250 is 12.50 EUR, 1250 JPY or
/// 1.250 KWD. A 64-bit integer.
#[derive(Debug, Clone, Copy)]
pub(super) struct MinorUnits(pub(super) i64);

/// A 64-bit integer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Int64(pub(super) i64);

macro_rules! integer_scalar {
    ($name:ident) => {
        #[Scalar(use_type_description = true)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match &value {
                    Value::Number(number) => {
                        number.as_i64().map(Self).ok_or_else(|| InputValueError::expected_type(value))
                    }
                    _ => Err(InputValueError::expected_type(value)),
                }
            }

            fn to_value(&self) -> Value {
                Value::Number(self.0.into())
            }
        }
    };
}

integer_scalar!(MinorUnits);
integer_scalar!(Int64);

impl async_graphql::Description for MinorUnits {
    fn description() -> &'static str {
        "An amount of money as an integer of the currency's minor unit: 1250 is 12.50 EUR, 1250 JPY or 1.250 KWD. A 64-bit integer."
    }
}

impl async_graphql::Description for Int64 {
    fn description() -> &'static str {
        "A 64-bit integer."
    }
}
