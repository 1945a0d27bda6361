<?php

/**
 * Leaves nothing behind.
 */

if (! defined('WP_UNINSTALL_PLUGIN')) {
    exit;
}

if (is_multisite()) {
    foreach (get_sites(['fields' => 'ids', 'number' => 0]) as $sondeo_site) {
        switch_to_blog($sondeo_site);
        delete_option('sondeo_settings');
        restore_current_blog();
    }
} else {
    delete_option('sondeo_settings');
}
