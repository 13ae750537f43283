//! Scalars for what GraphQL itself has no type: days, and integers that its 32-bit `Int` cannot hold.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

/// An amount of money as an integer of the currency's minor unit: 1250 is 12.50 EUR, 1250 JPY or
/// 1.250 KWD. A 64-bit integer.
#[derive(Debug, Clone, Copy)]
pub(super) struct MinorUnits(pub(super) i64);

/// A 64-bit integer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Int64(pub(super) i64);

/// A calendar day, such as `2026-11-03`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Date(pub(super) NaiveDate);

#[Scalar(use_type_description = true)]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(day) => day.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

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

impl async_graphql::Description for Date {
    fn description() -> &'static str {
        "A calendar day of the Gregorian calendar as in ISO 8601: 2026-11-03."
    }
}

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
