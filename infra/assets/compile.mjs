// Compile the stylesheet from Tabler's Sass and ours, and lower it to what the oldest browsers we serve understand.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";
import * as sass from "sass";

const [styles, out] = process.argv.slice(2);
const locate = createRequire(import.meta.url).resolve;
const packageOf = (name) => dirname(locate(`${name}/package.json`));

// Safari 15 is the floor; Chrome and Firefox are those of four years ago.
const version = (major) => major << 16;
const targets = { ios_saf: version(15), safari: version(15), chrome: version(107), firefox: version(106) };

const { css } = sass.compile(join(styles, "chiron.scss"), {
  loadPaths: [fileURLToPath(new URL("node_modules", import.meta.url))],
  quietDeps: true,
});
const { code, warnings } = transform({ filename: "chiron.css", code: Buffer.from(css), minify: true, targets });
for (const warning of warnings) console.warn(`chiron.css: ${warning.message}`);
writeFileSync(join(out, "chiron.css"), code);

// The alphabets that names of American physicians need; browsers load the second only when a page uses it.
const fonts = {
  "public-sans": ["@fontsource-variable/public-sans", "wght-normal"],
  "source-serif-4": ["@fontsource/source-serif-4", "600-normal"],
};
mkdirSync(join(out, "fonts"));
for (const [font, [name, cut]] of Object.entries(fonts)) {
  for (const subset of ["latin", "latin-ext"]) {
    copyFileSync(join(packageOf(name), `files/${font}-${subset}-${cut}.woff2`), join(out, `fonts/${font}-${subset}.woff2`));
  }
}

// What is printed as a PDF, in the older packing that can be unpacked without a library.
for (const cut of [400, 600]) {
  for (const subset of ["latin", "latin-ext"]) {
    const file = `source-serif-4-${subset}-${cut}`;
    copyFileSync(join(packageOf("@fontsource/source-serif-4"), `files/${file}-normal.woff`), join(out, `fonts/${file}.woff`));
  }
}

// What we ship carries its licenses.
const tabler = readFileSync(join(packageOf("@tabler/core"), "dist/css/tabler.css"), "utf8").match(/\/\*![^]*?\*\//)[0];
const open = Object.values(fonts).map(([name]) => readFileSync(join(packageOf(name), "LICENSE"), "utf8"));
writeFileSync(join(out, "LICENSES.txt"), [tabler, ...open].join("\n\n"));
