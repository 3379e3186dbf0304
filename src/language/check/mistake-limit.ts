/** More mistakes than anyone repairs before running the check again. */
export const mistakeLimit = 200;
