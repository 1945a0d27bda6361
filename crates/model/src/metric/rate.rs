use super::{Estimate, share};

/// Responses with an answer ÷ surveys shown, in percent, with its Wilson score interval.
#[must_use]
pub fn response_rate(responses: u64, shown: u64) -> Option<Estimate> {
    share(responses, shown)
}

/// Responses that came to the end ÷ those that started, in percent, with its Wilson score interval.
#[must_use]
pub fn completion(completed: u64, started: u64) -> Option<Estimate> {
    share(completed, started)
}

/// Of those who answered a question, who left with it: 1 − reached(next) ÷ reached(this), in percent,
/// with its Wilson score interval. Whoever was led to the end has not left.
#[must_use]
pub fn drop_off(left: u64, answered: u64) -> Option<Estimate> {
    share(left, answered)
}

#[cfg(test)]
mod tests {
    use super::response_rate;
    use crate::metric::tests::check;

    #[test]
    fn the_contracts_example() {
        check(response_rate(310, 1_200), 25.8, 23.4, 28.4, 1_200);
    }
}
