/** A colour on white paper, and what it becomes in the report's dark mode. */
export interface Shade {
  readonly light: string;
  readonly dark: string;
}

/**
 * Every colour that figures and the report use. Blue and vermilion are the pair of the Okabe-Ito palette that stays
 * apart in all common kinds of colour blindness; where they carry meaning, a shape or a word says the same.
 * The light values must differ from one another: the report finds them in the SVG to swap them in dark mode.
 */
export const palette = {
  ink: { light: '#1b2027', dark: '#e8ebef' },
  muted: { light: '#5b6570', dark: '#9aa4b0' },
  grid: { light: '#dde2e8', dark: '#313842' },
  paper: { light: '#ffffff', dark: '#171b21' },
  blue: { light: '#0868ac', dark: '#5aaae8' },
  vermilion: { light: '#c84e00', dark: '#f58a42' },
} as const satisfies Record<string, Shade>;
