<?php
// A page as WordPress prints it: its own script loader and paragraphs, with the snippet of functions.php and the post, and
// without a database. The first argument is where WordPress lies.
define('ABSPATH', rtrim($argv[1], '/') . '/');
define('WPINC', 'wp-includes');
define('WP_CONTENT_DIR', ABSPATH . 'wp-content');
define('WP_DEBUG', false);
$_SERVER += ['HTTP_HOST' => 'localhost', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1'];

function is_admin() { return false; }
function site_url($path = '') { return 'http://localhost' . $path; }
function get_bloginfo() { return ''; }
function current_theme_supports() { return true; }
function __($text) { return $text; }

foreach (['plugin', 'functions', 'formatting', 'shortcodes', 'kses', 'class-wp-dependency', 'class-wp-dependencies',
          'class-wp-scripts', 'functions.wp-scripts'] as $name) {
  require_once ABSPATH . WPINC . "/$name.php";
}
// Options come out of the database.
add_filter('pre_option', fn () => '');
$wp_scripts = new WP_Scripts();
require __DIR__ . '/functions.php';
ob_start();
do_action('wp_enqueue_scripts');
$wp_scripts->do_items();
$head = ob_get_clean();
// As of somebody who may not post HTML unfiltered.
$post = wp_kses_post(wpautop(file_get_contents(__DIR__ . '/post.html')));
echo "<!doctype html>\n<html lang=\"en\"><head><title>A post</title>$head</head><body>$post</body></html>\n";
