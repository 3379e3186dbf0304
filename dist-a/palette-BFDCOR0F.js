// src/charts/palette.ts
/**
* Every colour that figures and the report use. Blue and vermilion are the pair of the Okabe-Ito palette that stays
* apart in all common kinds of colour blindness; where they carry meaning, a shape or a word says the same.
* The light values must differ from one another: the report finds them in the SVG to swap them in dark mode.
*/
const palette = {
	ink: {
		light: "#1b2027",
		dark: "#e8ebef"
	},
	muted: {
		light: "#5b6570",
		dark: "#9aa4b0"
	},
	grid: {
		light: "#dde2e8",
		dark: "#313842"
	},
	paper: {
		light: "#ffffff",
		dark: "#171b21"
	},
	blue: {
		light: "#0868ac",
		dark: "#5aaae8"
	},
	vermilion: {
		light: "#c84e00",
		dark: "#f58a42"
	}
};
/**
* What the classes of masks are painted in, the first one mostly the background. Each of the others is the colour of
* the RGB cube that is farthest from those before it (CIEDE2000, also as red-green blindness sees them), so that the
* first ones differ most: 20 and more for 12 classes, where 2 can just be told apart.
*/
const classPaints = [
	palette.grid.light,
	palette.blue.light,
	palette.vermilion.light,
	"#242400",
	"#6c0048",
	"#24906c",
	"#90fa00",
	"#fa6cd8",
	"#fab490",
	"#0000b4",
	"#6c4824",
	"#fa006c",
	"#b4b400",
	"#48486c",
	"#909090",
	"#906c90",
	"#6c6c48",
	"#00b4fa",
	"#b448fa",
	"#d8b4d8",
	"#b49048"
];
export { palette as n, classPaints as t };
