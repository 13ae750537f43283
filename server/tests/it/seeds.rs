//! What the fuzzer begins with, and whatever it has found, once more: every file of `fuzz/seeds` through the same properties
//! that it checks (`postern::fuzzing`), as it is and with bytes of it changed.

use std::{fs, path::PathBuf};

use postern::fuzzing::TARGETS;

use crate::harness::{Dice, proof, rounds};

/// How often each file is changed, unless `TEST_ROUNDS` says otherwise.
const CHANGES: u32 = 100;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder().join("seeds").join(target)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

/// A byte, a few, or the end of it, as files are spoilt.
fn changed(dice: &mut Dice, seed: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(3) {
        let at = usize::try_from(dice.below(bytes.len() as u64 + 1)).unwrap();
        let byte = u8::try_from(dice.below(256)).unwrap();
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, byte),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 => bytes.extend_from_within(at..),
            _ => {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }
    bytes
}

#[test]
fn what_the_fuzzer_has_found_stays_mended() {
    let mut files = 0;
    let mut inputs = 0;
    let mut broken = vec![];
    for (target, holds) in TARGETS {
        let seeds = seeds(target);
        assert!(seeds.len() >= 3, "{target} has {} seeds", seeds.len());
        let mut dice = Dice::new(target.len() as u64);
        for (path, seed) in &seeds {
            if std::panic::catch_unwind(|| holds(seed)).is_err() {
                broken.push(path.clone());
            }
            for _ in 0..rounds().unwrap_or(CHANGES) {
                let input = changed(&mut dice, seed);
                if std::panic::catch_unwind(|| holds(&input)).is_err() {
                    broken.push(format!("{path}, changed to {:?}", String::from_utf8_lossy(&input)));
                }
                inputs += 1;
            }
            files += 1;
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    proof(
        "what strangers send",
        &format!("{} kinds, {files} seeds, {inputs} changed: all hold", TARGETS.len()),
    );
}

/// A target that the tests do not know would have no seeds in them.
#[test]
fn every_target_of_the_fuzzer_is_among_the_tests() {
    let mut names: Vec<String> = fs::read_dir(folder().join("fuzz_targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, TARGETS.map(|(name, _)| name));
}
