//! Counts what passed and what failed, over every kind of test.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::shell::Result;

/// The count so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    passed: u32,
    failed: u32,
    failures: Vec<String>,
    times: Vec<(String, Duration)>,
}

impl Tally {
    /// Does a part of the work, and notes how long it took: the whole has to stay within what a change may cost.
    pub(crate) fn timed<T>(&mut self, name: &str, part: impl FnOnce(&mut Self) -> T) -> T {
        let began = Instant::now();
        let outcome = part(self);
        self.times.push((name.to_owned(), began.elapsed()));
        outcome
    }

    /// Counts one step.
    pub(crate) fn step(&mut self, name: &str, passed: bool) {
        println!("{name} ... {}", if passed { "ok" } else { "FAILED" });
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
            self.failures.push(name.to_owned());
        }
    }

    /// Counts one step that failed, and says why.
    pub(crate) fn failure(&mut self, name: &str, why: &str) {
        println!("{why}");
        self.step(name, false);
    }

    /// Counts a step only if it failed.
    pub(crate) fn unless_ok(&mut self, name: &str, outcome: Result) {
        if let Err(failure) = outcome {
            self.failure(name, &failure);
        }
    }

    /// Runs a test program, showing what it says, and counts the results that it reports.
    pub(crate) fn tests(&mut self, name: &str, command: &mut Command) {
        println!("\n== {name} ==");
        let failed_before = self.failed;
        let succeeded =
            command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().and_then(|mut child| {
                if let Some(out) = child.stdout.take() {
                    for line in BufReader::new(out).split(b'\n') {
                        let line = line?;
                        let line = String::from_utf8_lossy(&line);
                        println!("{line}");
                        self.add(&line);
                    }
                }
                Ok(child.wait()?.success())
            });
        if self.failed > failed_before {
            self.failures.push(name.to_owned());
        } else if !matches!(succeeded, Ok(true)) {
            // It broke off before it could report: did not compile, crashed, was killed.
            self.failure(name, "broke off without a result");
        }
    }

    /// Adds a line like `test result: ok. 3 passed; 0 failed; …`.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        let mut number = 0;
        for word in result.split([' ', ';']) {
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                _ => number = word.parse().unwrap_or(number),
            }
        }
    }

    /// Whether anything did.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed > 0
    }

    /// Prints the sum as the last line.
    pub(crate) fn verdict(self) -> Result {
        println!();
        for (name, time) in &self.times {
            println!("{:5} s  {name}", time.as_secs());
        }
        for name in &self.failures {
            println!("failed: {name}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { Ok(()) } else { Err(String::new()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_added_up() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 7 filtered out; finished in 0.00s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.1s",
            "the test result: ok. 9 passed; 9 failed",
        ] {
            tally.add(line);
        }
        assert_eq!((tally.passed, tally.failed), (13, 2));
    }
}
