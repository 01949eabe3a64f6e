/** The words of the options of `sluice stats`; nothing is loaded with them. */
export const METHODS = ["parametric", "student", "cornish-fisher", "historical", "ewma", "monte-carlo"] as const;
export type Method = (typeof METHODS)[number];

/** What a column may hold. */
export const KINDS = ["prices", "returns"] as const;
export type Kind = (typeof KINDS)[number];
