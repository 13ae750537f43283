//! Whether classes of samples differ: by two t-tests and the trimmed means.

use super::{CLASSES, KNOWN, LONG};

/// Beyond it, one says that two samples differ (<https://eprint.iacr.org/2015/207>, section 3).
const T_LIMIT: f64 = 4.5;
/// How far the means of the middle nine tenths may be from each other, in microseconds.
const MEAN_LIMIT: f64 = 15.0;

/// The microseconds of one round: of each class after each class.
pub(super) type Round = [[f64; 4]; 4];

/// Mean, variance and number.
fn moments(sample: &[f64]) -> (f64, f64, f64) {
    let n = f64::from(u32::try_from(sample.len()).unwrap());
    let mean = sample.iter().sum::<f64>() / n;
    let variance = sample.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, variance, n)
}

/// Welch's t: how many standard errors the means are apart.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    let ((mean_a, variance_a, n_a), (mean_b, variance_b, n_b)) = (moments(a), moments(b));
    (mean_a - mean_b).abs() / (variance_a / n_a + variance_b / n_b).sqrt()
}

/// The t of what two have in pairs: how many standard errors the mean of the differences is from nothing.
fn paired(a: &[f64], b: &[f64]) -> f64 {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    let (mean, variance, n) = moments(&differences);
    mean.abs() / (variance / n).sqrt()
}

/// The mean of a sample without its lowest and highest twentieth.
pub(super) fn trimmed_mean(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let cut = sorted.len() / 20;
    moments(&sorted[cut..sorted.len() - cut]).0
}

/// The largest differences of any two classes.
#[derive(Debug, Default)]
pub(super) struct Widest {
    pub(super) welch: f64,
    pub(super) paired: f64,
    pub(super) apart: f64,
}

/// How far the classes are apart; or which two of them somebody could tell from each other.
pub(super) fn judge(rounds: &[Round]) -> Result<Widest, String> {
    // Of the whole samples: without their ends they would seem to vary less than they do.
    let samples: Vec<Vec<f64>> =
        (0..4).map(|class| rounds.iter().flat_map(|round| round[class]).collect()).collect();
    let of_rounds: Vec<Vec<f64>> =
        (0..4).map(|class| rounds.iter().map(|round| moments(&round[class]).0).collect()).collect();
    let mut widest = Widest::default();
    for a in 0..4 {
        for b in a + 1..4 {
            let welch = welch(&samples[a], &samples[b]);
            let paired = paired(&of_rounds[a], &of_rounds[b]);
            let apart = (trimmed_mean(&samples[a]) - trimmed_mean(&samples[b])).abs();
            widest.welch = widest.welch.max(welch);
            widest.paired = widest.paired.max(paired);
            widest.apart = widest.apart.max(apart);
            if welch.max(paired) >= T_LIMIT || samples[a].len() >= LONG && apart >= MEAN_LIMIT {
                let (a, b) = (CLASSES[a].0, CLASSES[b].0);
                return Err(format!(
                    "{a} and {b} differ: Welch's t {welch:.2}, of pairs {paired:.2}, {apart:.1} µs apart"
                ));
            }
        }
    }
    Ok(widest)
}

/// The same rounds with one class slower by so many microseconds.
pub(super) fn slower(rounds: &[Round], class: usize, by: f64) -> Vec<Round> {
    let mut rounds = rounds.to_vec();
    rounds.iter_mut().flat_map(|round| &mut round[class]).for_each(|micros| *micros += by);
    rounds
}

/// How much longer a request takes after one for a known address than after the others.
pub(super) fn held_up(rounds: &[Round]) -> f64 {
    let after = |is: fn(usize) -> bool| -> Vec<f64> {
        let of_class =
            |class: [f64; 4]| (0..4).filter(move |before| is(*before)).map(move |before| class[before]);
        rounds.iter().flatten().copied().flat_map(of_class).collect()
    };
    trimmed_mean(&after(|before| before == KNOWN)) - trimmed_mean(&after(|before| before != KNOWN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{harness::Dice, timing::CONTROL};

    /// Samples as a machine has them: most near to each other, some far out, and all of a round slower or quicker by up to
    /// `drift`.
    fn samples(wanted: usize, noise: f64, drift: f64, seed: u64) -> Vec<Round> {
        let mut dice = Dice::new(seed);
        let mut share = |of: f64| of * f64::from(u32::try_from(dice.below(1_000_000)).unwrap()) / 1e6;
        let one = |share: &mut dyn FnMut(f64) -> f64| {
            let far_out = if share(1.0) < 0.02 { share(10.0 * noise) } else { 0.0 };
            1_000.0 + share(noise) + share(noise) + far_out
        };
        (0..wanted / 4)
            .map(|_| {
                let of_round = share(drift);
                [(); 4].map(|()| [(); 4].map(|()| one(&mut share) + of_round))
            })
            .collect()
    }

    #[test]
    fn a_class_that_is_slower_is_told_from_the_others() {
        for seed in 1..=10 {
            let long = samples(LONG, 300.0, 200.0, seed);
            judge(&long).unwrap();
            for (class, (called, _)) in CLASSES.iter().enumerate() {
                let told = judge(&slower(&long, class, CONTROL)).unwrap_err();
                assert!(told.contains(called), "{told}");
                judge(&slower(&long, class, -CONTROL)).unwrap_err();
            }
            // So few show no less than they can.
            let short = samples(300, 300.0, 200.0, seed);
            judge(&short).unwrap();
            judge(&slower(&short, KNOWN, 200.0)).unwrap_err();
        }
    }

    #[test]
    fn each_of_both_statistics_finds_what_the_other_does_not() {
        // Rounds differ much from each other, and within each one class is slower.
        let drifting = slower(&samples(300, 100.0, 20_000.0, 1), 1, 80.0);
        let flat = |class: usize| -> Vec<f64> { drifting.iter().flat_map(|round| round[class]).collect() };
        assert!(welch(&flat(0), &flat(1)) < 1.0);
        assert!(judge(&drifting).unwrap_err().starts_with("known and unknown differ"));
        // What is slow in one class is quick in the other of the same round: the pairs vary more than the classes.
        let a: Vec<f64> = (0..300).map(|at| if at % 2 == 0 { 0.0 } else { 100.0 }).collect();
        let b: Vec<f64> = a.iter().map(|a| 120.0 - a).collect();
        assert!(welch(&a, &b) > T_LIMIT && paired(&a, &b) < T_LIMIT, "{} {}", welch(&a, &b), paired(&a, &b));
    }
}
