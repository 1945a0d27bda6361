<?php

/**
 * The script tag.
 */

namespace Sondeo;

if (! defined('ABSPATH')) {
    exit;
}

const HANDLE = 'sondeo';

/** Whether the survey of the whole site is asked on this page. */
function is_asked_here(): bool
{
    switch (settings()['where']) {
        case 'everywhere':
            return true;
        case 'front':
            return is_front_page();
        case 'posts':
            return is_single();
        case 'pages':
            return is_page();
        default:
            return false;
    }
}

/**
 * The attributes of the script tag, by name.
 */
function tag_attributes(): array
{
    $settings = settings();
    $attributes = [
        'data-endpoint' => $settings['endpoint'],
        'data-lang' => $settings['lang'],
        'data-consent' => $settings['consent'] === 'required' ? 'required' : '',
    ];
    if (is_asked_here()) {
        $attributes['data-survey'] = $settings['survey'];
        $attributes['data-site'] = $settings['site'];
    }
    /** For themes and plugins: attributes that the settings have no field for. */
    return array_filter((array) apply_filters('sondeo_tag_attributes', $attributes), function ($value) {
        return is_scalar($value) && (string) $value !== '';
    });
}

/** Attributes as they stand in HTML; names that are none are left out. */
function written(array $attributes): string
{
    $text = '';
    foreach ($attributes as $name => $value) {
        if (preg_match('/^data-[a-z0-9_-]+$/', $name)) {
            $text .= ' ' . $name . '="' . esc_attr((string) $value) . '"';
        }
    }
    return $text;
}

/** Brings the script to this page, once. It may also be called while the page is being written. */
function enqueue(): void
{
    if (! is_set_up() || is_admin()) {
        return;
    }
    // WordPress 6.3 takes an array here, and older ones take it for "in the footer".
    $place = ['in_footer' => true, 'strategy' => 'async'];
    wp_enqueue_script(HANDLE, plugins_url('assets/sondeo.js', PLUGIN), [], VERSION, $place);
}

add_action('wp_enqueue_scripts', function () {
    $settings = settings();
    if (is_asked_here() && ($settings['survey'] !== '' || $settings['site'] !== '')) {
        enqueue();
    }
});

add_filter('script_loader_tag', function ($tag, $handle) {
    if ($handle !== HANDLE) {
        return $tag;
    }
    $more = written(tag_attributes());
    if (! preg_match('/\sasync\b/', $tag)) {
        $more .= ' async';
    }
    // Plugins that combine or delay scripts take them away from their address: this is the usual word against it.
    $more .= ' data-no-optimize="1"';
    $at = strpos($tag, ' src=');
    return $at === false ? $tag : substr_replace($tag, $more, $at, 0);
}, 10, 2);
