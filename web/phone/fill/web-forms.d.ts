/** @getodk/web-forms 0.22 comes without its types. Of them, what is used here. */
declare module "@getodk/web-forms" {
  import type { DefineComponent, Plugin } from "vue";
  export const OdkWebForm: DefineComponent<object, object, unknown>;
  export const webFormsPlugin: Plugin;
}
