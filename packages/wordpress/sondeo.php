<?php

/**
 * Plugin Name: Sondeo surveys
 * Description: One small question at the right moment, on your own site. The answers go to an address of yours.
 * Version: 0.1.0
 * Requires at least: 6.0
 * Requires PHP: 7.4
 * License: MIT
 * License URI: https://opensource.org/license/mit
 * Text Domain: sondeo
 * Domain Path: /languages
 */

namespace Sondeo;

if (! defined('ABSPATH')) {
    exit;
}

const VERSION = '0.1.0';
const PLUGIN = __FILE__;

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/front.php';
require_once __DIR__ . '/includes/elements.php';
require_once __DIR__ . '/includes/shop.php';
if (is_admin()) {
    require_once __DIR__ . '/includes/admin.php';
}

add_action('init', function () {
    load_plugin_textdomain('sondeo', false, dirname(plugin_basename(PLUGIN)) . '/languages');
});
