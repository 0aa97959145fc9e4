/** How the tests and the bench start Debian's Chromium. Without the three WebGL flags an update of
 * 20,000 icons costs fifty times as much. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const FLAGS = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-background-networking",
  "--disable-gpu-vsync",
  "--mute-audio",
];
