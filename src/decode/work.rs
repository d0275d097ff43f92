//! Counts the steps of the search where tests ask how its work grows; elsewhere it does nothing.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// So many steps were taken.
#[inline]
pub(super) fn count(steps: usize) {
    #[cfg(test)]
    STEPS.with(|all| all.set(all.get() + steps as u64));
    #[cfg(not(test))]
    let _ = steps;
}

/// The steps of this thread since it was asked last.
#[cfg(test)]
pub(super) fn taken() -> u64 {
    STEPS.with(|all| all.replace(0))
}
