//! Chance that is the same each time: a small generator of pseudo-random numbers (`SplitMix64`),
//! and ids made from it. Nothing here may be used where somebody must not guess.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The step between two states: 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A sequence of pseudo-random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The sequence that belongs to these numbers; others give another one.
    pub(crate) fn new(numbers: &[u64]) -> Self {
        let mut dice = Self(STEP);
        for number in numbers {
            dice.0 = dice.throw() ^ number;
        }
        dice
    }

    /// The next number.
    pub(crate) const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound`, which it never reaches; 0 where `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.throw()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add_unsigned(self.below(high.abs_diff(low).saturating_add(1)))
    }

    /// Whether something happens that happens so many times in a thousand.
    pub(crate) fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of them, all equally likely.
    pub(crate) fn pick<T: Copy, const N: usize>(&mut self, all: &[T; N]) -> T {
        const { assert!(N > 0, "there is nothing to pick") }
        all[usize::try_from(self.below(N as u64)).unwrap_or_default()]
    }
}

/// Makes ids: version-7 UUIDs whose time is that of what they name, so that they sort by it.
#[derive(Debug, Clone)]
pub(crate) struct Ids(Dice);

impl Ids {
    /// The ids that belong to these numbers.
    pub(crate) fn new(numbers: &[u64]) -> Self {
        Self(Dice::new(numbers))
    }

    /// A new id for something that is from this time.
    pub(crate) fn at(&mut self, time: DateTime<Utc>) -> Uuid {
        let mut rest = [0; 10];
        let (first, last) = rest.split_at_mut(8);
        first.copy_from_slice(&self.0.throw().to_be_bytes());
        last.copy_from_slice(&self.0.throw().to_be_bytes()[..2]);
        let millis = u64::try_from(time.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_numbers_give_the_same_sequence_and_others_another() {
        let sequence = |numbers: &[u64]| {
            let mut dice = Dice::new(numbers);
            [dice.throw(), dice.throw(), dice.throw()]
        };
        assert_eq!(sequence(&[1, 2]), sequence(&[1, 2]));
        let others: HashSet<_> =
            [[1, 2], [2, 1], [0, 0], [1, 3]].iter().map(|numbers| sequence(numbers)).collect();
        assert_eq!(others.len(), 4);
    }

    #[test]
    fn dice_stay_within_their_bounds_and_reach_them() {
        let mut dice = Dice::new(&[7]);
        let thrown: HashSet<i64> = (0..1_000).map(|_| dice.between(-3, 3)).collect();
        assert_eq!(thrown, (-3..=3).collect());
        assert_eq!(dice.below(0), 0);
        let happened = (0..10_000).filter(|_| dice.happens(100)).count();
        assert!((900..1_100).contains(&happened), "{happened}");
    }

    #[test]
    fn ids_are_of_version_7_and_sort_by_time() {
        let mut ids = Ids::new(&[1]);
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let made: Vec<Uuid> = (0..100).map(|n| ids.at(at(1_700_000_000 + n))).collect();
        assert!(made.is_sorted());
        assert!(made.iter().all(|id| id.get_version_num() == 7));
        let at_once: HashSet<Uuid> = (0..10_000).map(|_| ids.at(at(0))).collect();
        assert_eq!(at_once.len(), 10_000);
    }
}
