<?php

/**
 * A survey where it stands in a post: a shortcode and a block.
 */

namespace Sondeo;

if (! defined('ABSPATH')) {
    exit;
}

/** What an element may say of its survey. */
const SAID = [
    'display', 'position', 'theme', 'accent', 'lang', 'trigger', 'delay', 'question', 'low', 'high', 'thanks', 'config',
];

/**
 * The element.
 *
 * @param array<string, mixed> $said
 */
function element(array $said): string
{
    $names = preg_split('/\s+/', (string) ($said['survey'] ?? ''), -1, PREG_SPLIT_NO_EMPTY);
    $names = array_filter($names, __NAMESPACE__ . '\is_name');
    if (! is_set_up() || $names === []) {
        return '';
    }
    enqueue();
    $attributes = ['data-sondeo' => implode(' ', $names)];
    foreach (SAID as $name) {
        if (isset($said[$name]) && is_scalar($said[$name]) && (string) $said[$name] !== '') {
            $attributes['data-' . $name] = $said[$name];
        }
    }
    return '<div' . written($attributes) . '></div>';
}

add_action('init', function () {
    add_shortcode('sondeo', function ($said) {
        return element(is_array($said) ? $said : []);
    });
    register_block_type(dirname(PLUGIN) . '/blocks/sondeo', [
        'render_callback' => function ($said) {
            return element($said);
        },
    ]);
});
