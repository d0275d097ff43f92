//! What the recogniser's confidence is worth, from pairs that have it.

use crate::corpus::Pair;
use crate::model::Trust;

/// How much oftener words of each confidence are misread than all. Only pairs of as many words on both sides tell, since
/// there it is plain which word became of which.
pub(super) fn trust<'p>(pairs: impl IntoIterator<Item = &'p Pair>) -> Trust {
    let mut words = [[0_u32; 2]; Trust::STEPS];
    for pair in pairs {
        let Some(confidences) = &pair.evidence else { continue };
        let (observed, intended) = (pair.observed.split_whitespace(), pair.intended.split_whitespace());
        if observed.clone().count() != intended.clone().count() {
            continue;
        }
        for ((observed, intended), &confidence) in observed.zip(intended).zip(confidences) {
            let [all, misread] = &mut words[Trust::step(confidence)];
            *all += 1;
            *misread += u32::from(observed != intended);
        }
    }
    Trust::of(&words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::exp;

    #[test]
    fn words_of_little_confidence_are_misread_oftener() {
        let pair = |observed: &str, confidences: &[f32]| Pair {
            observed: observed.to_owned(),
            intended: "of the end".to_owned(),
            evidence: Some(confidences.to_vec()),
            ..Pair::default()
        };
        let mut pairs = vec![pair("of tbe end", &[97.0, 12.0, 96.0]); 20];
        pairs.push(pair("of the end", &[98.0, 11.0, 100.0]));
        // What is split is left out, and what nobody was asked about.
        pairs.push(pair("o f tbe end", &[1.0, 1.0, 1.0, 1.0]));
        pairs.push(Pair { evidence: None, ..pair("ot tbe end", &[]) });
        let trust = trust(&pairs);
        // 20 of 21 and 0 of 42, where 20 of 63 are usual; 20 words more of the usual sort in each step.
        let usual = 20.0_f32 / 63.0;
        for (confidence, misread, all) in [(12.0, 20.0, 21.0), (99.0, 0.0, 42.0), (50.0, 0.0, 0.0)] {
            let want = (misread + 20.0 * usual) / (all + 20.0) / usual;
            assert!((exp(f64::from(trust.ease(confidence))) - f64::from(want)).abs() < 1e-5, "{confidence}");
        }
        assert_eq!(super::trust(&[] as &[Pair]), Trust::default());
    }
}
