//! Every package must offer a licence that is allowed, and nothing may be allowed that no package needs.

use anyhow::{Context as _, Result};
use spdx::{Expression, Licensee, ParseMode};

use super::{
    config::{Licenses, PackageSpec},
    graph::Package,
};

/// An allowed licence, for all packages or for one, and whether any package needed it.
struct Allowance<'a> {
    text: &'a str,
    licensee: Licensee,
    only: Option<&'a PackageSpec>,
    used: bool,
}

/// One line for each package without an allowed licence and each licence allowed for nothing.
pub(super) fn faults(packages: &[Package], config: &Licenses) -> Result<Vec<String>> {
    let mut allowances = allowances(config)?;
    let mut faults = Vec::new();
    for package in packages {
        let Some(text) = &package.licence else {
            faults.push(format!("{package}: states no licence"));
            continue;
        };
        let Ok(expression) = Expression::parse_mode(text, ParseMode::LAX) else {
            faults.push(format!("{package}: `{text}` is no SPDX expression"));
            continue;
        };
        let permitted = expression.evaluate(|wanted| {
            let matching = allowances.iter_mut().filter(|allowance| {
                allowance.only.is_none_or(|spec| spec.matches(&package.name, &package.version))
                    && allowance.licensee.satisfies(wanted)
            });
            matching.map(|allowance| allowance.used = true).count() > 0
        });
        if !permitted {
            faults.push(format!("{package}: `{text}` is not allowed"));
        }
    }
    for unused in allowances.iter().filter(|allowance| !allowance.used) {
        faults.push(match unused.only {
            None => format!("licence `{}` is allowed, but nothing has it", unused.text),
            Some(spec) => format!("licence `{}` is allowed for {spec}, which does not have it", unused.text),
        });
    }
    Ok(faults)
}

fn allowances(config: &Licenses) -> Result<Vec<Allowance<'_>>> {
    let general = config.allow.iter().map(|text| (text, None));
    let special = config
        .exceptions
        .iter()
        .flat_map(|exception| exception.allow.iter().map(move |text| (text, Some(&exception.spec))));
    general
        .chain(special)
        .map(|(text, only)| {
            let licensee = Licensee::parse(text).with_context(|| format!("licence `{text}`"))?;
            Ok(Allowance { text, licensee, only, used: false })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::graph::package, *};

    fn config(text: &str) -> Licenses {
        toml::from_str(&format!("unused-allowed-license = 'deny'\n{text}")).unwrap()
    }

    #[test]
    fn one_allowed_alternative_is_enough_and_every_part_is_needed() {
        let packages = [
            package("a", "1.0.0", "MIT OR GPL-3.0-only", None),
            package("b", "1.0.0", "MIT/Apache-2.0", None),
            package("c", "1.0.0", "MIT AND GPL-3.0-only", None),
            package("d", "1.0.0", "", None),
        ];
        assert_eq!(
            faults(&packages, &config("allow = ['MIT']")).unwrap(),
            ["c 1.0.0: `MIT AND GPL-3.0-only` is not allowed", "d 1.0.0: states no licence"]
        );
    }

    #[test]
    fn an_exception_is_for_its_crate_alone() {
        let config = config("allow = []\nexceptions = [{ crate = 'a', allow = ['MPL-2.0'] }]");
        let packages = [package("a", "1.0.0", "MPL-2.0", None), package("b", "1.0.0", "MPL-2.0", None)];
        assert_eq!(faults(&packages, &config).unwrap(), ["b 1.0.0: `MPL-2.0` is not allowed"]);
    }

    #[test]
    fn a_licence_that_nothing_has_is_not_allowed_in_advance() {
        let packages = [package("a", "1.0.0", "MIT", None)];
        assert_eq!(
            faults(&packages, &config("allow = ['MIT', 'ISC']")).unwrap(),
            ["licence `ISC` is allowed, but nothing has it"]
        );
    }
}
