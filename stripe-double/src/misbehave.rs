//! What can be told to go wrong between the platform and the API.

use serde::Deserialize;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misbehaviour {
    /// The request waits so many milliseconds before it is carried out.
    Delay(u64),
    /// The request is never carried out and never answered.
    Hang,
    /// The request is carried out, and never answered.
    HangAfter,
    /// The request is refused with this status, and not carried out.
    Refuse(u16),
    /// The request is carried out, and answered with this status, which its idempotency key remembers, as
    /// Stripe says of its own 500s.
    FailAfterSuccess(u16),
    /// The request is carried out, and something between answers with this status; the key remembers the true
    /// answer.
    AnswerLost(u16),
    /// The connection ends before the request is carried out.
    DropConnectionBefore,
    /// The connection ends after the request was carried out.
    DropConnectionAfter,
    /// 429: too many requests.
    RateLimited,
}

/// Which requests go wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rule {
    /// `GET` or `POST`; any where it is empty.
    #[serde(default)]
    pub method: String,
    /// What the path begins with, as `/v1/checkout/sessions`; any where it is empty.
    #[serde(default)]
    pub path: String,
    /// How many requests it lets pass first.
    #[serde(default)]
    pub skip: u32,
    /// How many requests go wrong.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    pub what: Misbehaviour,
}

fn once() -> u32 {
    1
}

impl Rule {
    /// The next request of this method and path goes wrong.
    #[must_use]
    pub fn once(method: &str, path: &str, what: Misbehaviour) -> Self {
        Self { method: method.into(), path: path.into(), skip: 0, times: 1, what }
    }

    /// Every request from now on goes wrong.
    #[must_use]
    pub fn always(what: Misbehaviour) -> Self {
        Self { method: String::new(), path: String::new(), skip: 0, times: u32::MAX, what }
    }

    /// What goes wrong with a request by the first rule that is for it.
    pub(crate) fn take(rules: &mut Vec<Self>, method: &str, path: &str) -> Option<Misbehaviour> {
        let ours = |rule: &Self| {
            (rule.method.is_empty() || rule.method.eq_ignore_ascii_case(method))
                && path.starts_with(&rule.path)
        };
        let rule = rules.iter_mut().find(|rule| ours(rule))?;
        if rule.skip > 0 {
            rule.skip -= 1;
            return None;
        }
        let what = (rule.times > 0).then_some(rule.what);
        rule.times = rule.times.saturating_sub(u32::from(rule.times != u32::MAX));
        rules.retain(|rule| rule.times > 0);
        what
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_lets_pass_and_then_goes_wrong_as_often_as_it_says() {
        let rule = Rule { skip: 1, times: 2, ..Rule::once("POST", "/v1/refunds", Misbehaviour::Hang) };
        let mut rules = vec![rule];
        assert_eq!(Rule::take(&mut rules, "GET", "/v1/refunds"), None);
        let taken: Vec<_> = (0..4).map(|_| Rule::take(&mut rules, "POST", "/v1/refunds").is_some()).collect();
        assert_eq!(taken, [false, true, true, false]);
        let mut always = vec![Rule::always(Misbehaviour::RateLimited)];
        assert!((0..5).all(|_| Rule::take(&mut always, "GET", "/v1/events").is_some()));
    }
}
