//! One locale's formatters, and the store that keeps them between requests.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use icu_decimal::{
    DecimalFormatter,
    options::{DecimalFormatterOptions, GroupingStrategy},
};
use icu_locale_core::{Locale, locale};

use super::{dates::DateFormats, money::MoneyStyle, numbers::PercentStyle};

/// Far above the number of locales that exist in practice: a bound, so that settings typed by many
/// orgs cannot grow the store without end.
const KEPT_LOCALES: usize = 512;

static SHARED: LazyLock<RwLock<HashMap<String, Arc<LocaleFormats>>>> = LazyLock::new(RwLock::default);

/// All formatters of one locale.
pub(super) struct LocaleFormats {
    pub(super) dates: Option<DateFormats>,
    pub(super) decimal: Option<DecimalFormatter>,
    /// Without grouping, for what is copied into a form.
    pub(super) ungrouped: Option<DecimalFormatter>,
    pub(super) money: MoneyStyle,
    pub(super) percent: PercentStyle,
}

impl fmt::Debug for LocaleFormats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocaleFormats").finish_non_exhaustive()
    }
}

impl LocaleFormats {
    fn new(name: &str) -> Self {
        let locale: Locale = name.parse().unwrap_or(locale!("en"));
        let language = locale.id.language.as_str().to_owned();
        let region = locale.id.region.map(|region| region.as_str().to_owned()).unwrap_or_default();
        Self {
            dates: DateFormats::new(&locale),
            decimal: DecimalFormatter::try_new((&locale).into(), DecimalFormatterOptions::default()).ok(),
            ungrouped: DecimalFormatter::try_new((&locale).into(), GroupingStrategy::Never.into()).ok(),
            money: MoneyStyle::of(&language, &region),
            percent: PercentStyle::of(&language),
        }
    }
}

/// The formatters of a locale, made at most once.
pub(super) fn shared(name: &str) -> Arc<LocaleFormats> {
    if let Some(found) = SHARED.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return Arc::clone(found);
    }
    let made = Arc::new(LocaleFormats::new(name));
    let mut kept = SHARED.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() < KEPT_LOCALES {
        return Arc::clone(kept.entry(name.to_owned()).or_insert(made));
    }
    made
}
