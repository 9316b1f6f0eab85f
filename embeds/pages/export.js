export { asked };
