//! From ISO 4217's minor units to Stripe's, which differ for a few currencies
//! (<https://docs.stripe.com/currencies#zero-decimal>).

/// Currencies that ISO 4217 gives no decimals and that Stripe wants with two, for old times' sake.
const AS_IF_TWO_DECIMALS: [&str; 2] = ["ISK", "UGX"];
/// Currencies that ISO 4217 gives two decimals and that Stripe wants in whole units.
const AS_IF_NO_DECIMALS: [&str; 1] = ["MGA"];
/// Currencies with three decimals, of which Stripe takes two.
const THREE_DECIMALS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// The amount cannot be said to Stripe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotPayable;

/// An amount in minor units, as Stripe counts it.
///
/// # Errors
/// [`NotPayable`] where Stripe's unit is coarser and the amount has a rest.
pub fn to_stripe(currency: &str, minor: i64) -> Result<i64, NotPayable> {
    if AS_IF_TWO_DECIMALS.contains(&currency) {
        return minor.checked_mul(100).ok_or(NotPayable);
    }
    if AS_IF_NO_DECIMALS.contains(&currency) {
        return if minor % 100 == 0 { Ok(minor / 100) } else { Err(NotPayable) };
    }
    if THREE_DECIMALS.contains(&currency) && minor % 10 != 0 {
        return Err(NotPayable);
    }
    Ok(minor)
}

/// What Stripe counts, in minor units; a rest that has none is rounded down, so that no money is made up.
#[must_use]
pub fn from_stripe(currency: &str, amount: i64) -> i64 {
    if AS_IF_TWO_DECIMALS.contains(&currency) {
        return amount / 100;
    }
    if AS_IF_NO_DECIMALS.contains(&currency) {
        return amount.saturating_mul(100);
    }
    amount
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_in_the_unit_that_stripe_wants() {
        for (currency, minor, stripe) in [
            ("EUR", 1_299, 1_299),
            ("JPY", 500, 500),
            ("ISK", 5, 500),
            ("MGA", 500, 5),
            ("KWD", 1_230, 1_230),
        ] {
            assert_eq!(to_stripe(currency, minor), Ok(stripe), "{currency}");
            assert_eq!(from_stripe(currency, stripe), minor, "{currency}");
        }
        assert_eq!(to_stripe("KWD", 1_234), Err(NotPayable));
        assert_eq!(to_stripe("MGA", 501), Err(NotPayable));
        assert_eq!(to_stripe("UGX", i64::MAX), Err(NotPayable));
    }
}
