//! The limit on what one network address may ask of the login (rule L3). It protects the endpoint
//! from floods; how many mails an address gets is counted in the database.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Result};

/// Counts by network address, in memory.
pub struct FloodLimit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
}

/// Above this many addresses, those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

impl FloodLimit {
    /// So many requests a minute, all of them at once if need be.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(quota) }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// [`Error::TooMany`] when there were too many before it.
    pub fn check(&self, ip: IpAddr) -> Result<()> {
        if self.limiter.len() > REMEMBERED {
            self.limiter.retain_recent();
        }
        self.limiter
            .check_key(&network(ip))
            .map_err(|_| Error::TooMany { retry_after: Duration::from_mins(1) })
    }
}

/// Whoever has one IPv6 address has 2⁶⁴ of them.
pub(super) fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_one_network_does_not_keep_others_out() {
        let limit = FloodLimit::new(3);
        let flooder = |n: u16| IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, n));
        for n in 0..3 {
            assert!(limit.check(flooder(n)).is_ok());
        }
        assert!(matches!(limit.check(flooder(9)), Err(Error::TooMany { .. })));
        assert!(limit.check("203.0.113.9".parse().unwrap()).is_ok());
    }
}
