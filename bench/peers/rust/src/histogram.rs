//! Durations in nanoseconds, counted in 256 linear steps an octave: a percentile is within 0.2 % of the value it stands
//! for, and the greatest value is exact. All memory is taken when it is made; recording allocates nothing.

const STEP_BITS: u32 = 8;
const STEPS: u64 = 1 << STEP_BITS;
const VALUE_MAX: u64 = (1 << 40) - 1;

pub struct Histogram {
    counts: Vec<u32>,
    count: u64,
    max_ns: u64,
}

impl Histogram {
    pub fn new() -> Self {
        Histogram { counts: vec![0; index_of(VALUE_MAX) + 1], count: 0, max_ns: 0 }
    }

    #[inline]
    pub fn record(&mut self, value_ns: u64) {
        self.counts[index_of(value_ns.min(VALUE_MAX))] += 1;
        self.count += 1;
        self.max_ns = self.max_ns.max(value_ns);
    }

    pub fn max_ns(&self) -> u64 {
        self.max_ns
    }

    /// The value that `fraction` of all values do not pass; 0 when nothing was recorded.
    pub fn value_at(&self, fraction: f64) -> f64 {
        let rank = (fraction * self.count as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank {
                return middle_of(index as u64);
            }
        }
        0.0
    }
}

/// Values below two octaves of steps stand for themselves; above, the leading nine bits choose the step.
#[inline]
fn index_of(value: u64) -> usize {
    let width = u64::BITS - value.leading_zeros();
    let shift = width.saturating_sub(STEP_BITS + 1);
    ((u64::from(shift) << STEP_BITS) + (value >> shift)) as usize
}

fn middle_of(index: u64) -> f64 {
    if index < 2 * STEPS {
        return index as f64;
    }
    let shift = (index >> STEP_BITS) - 1;
    let low = (STEPS + (index & (STEPS - 1))) << shift;
    low as f64 + ((1u64 << shift) - 1) as f64 / 2.0
}
