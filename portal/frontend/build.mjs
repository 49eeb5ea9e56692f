// Copies what browsers need from the installed packages to .local/assets/vendor, and the fonts of printed
// documents to .local/fonts, unchanged.
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "..", ".local", "assets", "vendor");

const files = {
  "@kern-ux/native/dist/kern.min.css": "kern/kern.min.css",
  "@kern-ux/native/dist/fonts/fira-sans.css": "kern/fonts/fira-sans.css",
  "@kern-ux/native/LICENSE.md": "kern/LICENSE.md",
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "axe-core/axe.min.js": "axe.min.js",
};

function copy(source, destination) {
  mkdirSync(dirname(destination), { recursive: true });
  cpSync(source, destination);
}

rmSync(target, { recursive: true, force: true });
for (const [source, destination] of Object.entries(files)) {
  copy(join(modules, source), join(target, destination));
}

// Only the weights that the style sheet names: the package holds five times as many.
const fonts = join(modules, "@kern-ux/native/dist/fonts");
const sheet = readFileSync(join(fonts, "fira-sans.css"), "utf8");
for (const [, address] of sheet.matchAll(/url\("\.\/([^"]+)"\)/g)) {
  copy(join(fonts, address), join(target, "kern/fonts", address));
}

// Two weights on paper: text, and the scripts it lacks. Not among the assets: no browser loads them.
const paper = join(here, "..", "..", ".local", "fonts");
const families = { "fira-sans": "FiraSans", "noto-sans-arabic": "NotoSansArabic", "noto-sans-ethiopic": "NotoSansEthiopic" };
rmSync(paper, { recursive: true, force: true });
for (const [name, family] of Object.entries(families)) {
  const source = join(modules, "@expo-google-fonts", name);
  copy(join(source, "LICENSE_FONT"), join(paper, `${family}-LICENSE`));
  for (const weight of ["400Regular", "600SemiBold"]) {
    copy(join(source, weight, `${family}_${weight}.ttf`), join(paper, `${family}_${weight}.ttf`));
  }
}
