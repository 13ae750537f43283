//! For whoever only wants to know whether a test fails, and not which ones: `TEST_HASTE=1` ends the whole run with the first.

use std::{panic, process, sync::Once};

/// Ends the run with the first panic from now on, where that is wanted.
pub fn end_with_the_first_failure() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        if std::env::var_os("TEST_HASTE").is_some() {
            let told = panic::take_hook();
            panic::set_hook(Box::new(move |panic| {
                told(panic);
                process::exit(101);
            }));
        }
    });
}
