declare module "virtual:openbridge-palettes.css";
