//! What Stripe demands of amounts, currency by currency (<https://docs.stripe.com/currencies>).

use crate::error::ApiError;

/// Currencies that can be charged.
const PRESENTMENT: &str = "\
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad \
    cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd \
    hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl \
    mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg \
    qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah \
    ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw";

/// Whether Stripe charges in it.
pub(crate) fn is_known(currency: &str) -> bool {
    currency.len() == 3 && PRESENTMENT.split_whitespace().any(|known| known == currency)
}

/// How many digits of an amount stand after the point. ISK and UGX have none in life, but two at Stripe,
/// which must be zero.
pub(crate) fn decimals(currency: &str) -> usize {
    match currency {
        "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf" | "vnd" | "vuv"
        | "xaf" | "xof" | "xpf" => 0,
        "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
        _ => 2,
    }
}

/// What an amount must be a multiple of.
fn step(currency: &str) -> i64 {
    match currency {
        "bhd" | "jod" | "kwd" | "omr" | "tnd" => 10,
        "isk" | "ugx" => 100,
        _ => 1,
    }
}

/// The least that can be charged. The table is by settlement currency; the double takes every charge as
/// settled in its own. Where the table has no line, Stripe converts, and the double does not.
fn minimum(currency: &str) -> i64 {
    match currency {
        "gbp" => 30,
        "usd" | "aud" | "brl" | "cad" | "chf" | "eur" | "inr" | "jpy" | "nzd" | "sgd" => 50,
        "bgn" => 100,
        "aed" | "myr" | "pln" | "ron" => 200,
        "dkk" => 250,
        "nok" | "sek" => 300,
        "hkd" => 400,
        "mxn" | "thb" => 1000,
        "czk" => 1500,
        "huf" => 17_500,
        _ => 1,
    }
}

/// The most that can be charged by every method: the higher limits of COP, HUF, JPY and LBP are for cards
/// alone.
fn maximum(currency: &str) -> i64 {
    match currency {
        "idr" => 999_999_999_999,
        "inr" => 999_999_999,
        _ => 99_999_999,
    }
}

/// Checks the price of one thing.
pub(crate) fn check_unit(amount: i64, currency: &str) -> Result<(), ApiError> {
    if amount < 0 {
        return Err(ApiError::invalid(Some("parameter_invalid_integer"), "Invalid non-negative integer"));
    }
    let step = step(currency);
    if amount % step != 0 {
        let message = format!("Invalid amount: amounts in {currency} must be divisible by {step}");
        return Err(ApiError::invalid(Some("parameter_invalid_integer"), message));
    }
    Ok(())
}

/// Checks what is charged in all.
pub(crate) fn check_total(amount: i64, currency: &str) -> Result<(), ApiError> {
    if amount < minimum(currency) {
        let least = display(minimum(currency), currency);
        let message = format!("The Checkout Session's total amount due must add up to at least {least}");
        return Err(ApiError::invalid(Some("amount_too_small"), message));
    }
    check_most(amount, currency)
}

/// Checks what is charged or given back against the most there can be.
pub(crate) fn check_most(amount: i64, currency: &str) -> Result<(), ApiError> {
    if amount > maximum(currency) {
        let most = display(maximum(currency), currency);
        return Err(ApiError::invalid(
            Some("amount_too_large"),
            format!("Amount must be no more than {most}"),
        ));
    }
    Ok(())
}

/// An amount for people: `1234.50 EUR`.
pub(crate) fn display(amount: i64, currency: &str) -> String {
    let decimals = decimals(currency);
    let sign = if amount < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let point = if decimals == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{part} {}", currency.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_decimals_and_its_limits() {
        for (amount, currency, shown) in [
            (123_450, "eur", "1234.50 EUR"),
            (5, "usd", "0.05 USD"),
            (500, "jpy", "500 JPY"),
            (5120, "kwd", "5.120 KWD"),
            (-5, "eur", "-0.05 EUR"),
        ] {
            assert_eq!(display(amount, currency), shown);
        }
        let code = |amount, currency| {
            check_unit(amount, currency)
                .and_then(|()| check_total(amount, currency))
                .err()
                .and_then(|e| e.code)
        };
        for (amount, currency, wrong) in [
            (50, "usd", None),
            (49, "usd", Some("amount_too_small")),
            (30, "gbp", None),
            (17_499, "huf", Some("amount_too_small")),
            (17_501, "huf", None),
            (50, "jpy", None),
            (49, "jpy", Some("amount_too_small")),
            (99_999_999, "eur", None),
            (100_000_000, "eur", Some("amount_too_large")),
            (100_000_000, "inr", None),
            (5120, "kwd", None),
            (5124, "kwd", Some("parameter_invalid_integer")),
            (550, "isk", Some("parameter_invalid_integer")),
            (500, "ugx", None),
            (-1, "eur", Some("parameter_invalid_integer")),
        ] {
            assert_eq!(code(amount, currency), wrong, "{amount} {currency}");
        }
        assert!(is_known("eur") && !is_known("xxx") && !is_known("eu") && !is_known(" eu"));
    }
}
