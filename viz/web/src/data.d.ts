/* The data files of viz/ as the build hands them to the scripts. */
declare module "data:words" {
  const words: Record<string, { fr: string; en: string }>;
  export default words;
}
declare module "data:palette" {
  const names: string[];
  export default names;
}
